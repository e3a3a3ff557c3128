-- Where each table ends before a load adds to it: the rows beyond are its own. They are told by their places, without a
-- look at the ids of all the others.

set variable last_article = (select coalesce(max(rowid), -1) from articles);

set variable last_version = (select coalesce(max(rowid), -1) from article_versions);

set variable last_story_article = (select coalesce(max(rowid), -1) from story_articles);

set variable last_paragraph = (select coalesce(max(rowid), -1) from paragraphs);

set variable last_removed_block = (select coalesce(max(rowid), -1) from removed_blocks);

set variable last_time_signal = (select coalesce(max(rowid), -1) from time_signals);

set variable last_credit_signal = (select coalesce(max(rowid), -1) from credit_signals);

set variable last_copy = (select coalesce(max(rowid), -1) from copies);

set variable last_passage = (select coalesce(max(rowid), -1) from reused_passages);

set variable last_member = (select coalesce(max(rowid), -1) from wire_groups);

set variable last_run = (select coalesce(max(rowid), -1) from runs);

set variable last_fate = (select coalesce(max(rowid), -1) from url_fates);

set variable last_capture = (select coalesce(max(rowid), -1) from internal.captures);

set variable last_indexed = (select coalesce(max(rowid), -1) from internal.indexed_articles);
