-- A reprocessing derives everything again from the archive: all that was derived before goes.

delete from article_versions;

delete from articles;

delete from story_articles;

delete from paragraphs;

delete from removed_blocks;

delete from time_signals;

delete from credit_signals;

delete from copies;

delete from reused_passages;

delete from wire_groups;

delete from internal.indexed_articles;

delete from internal.superseded_fingerprints;
