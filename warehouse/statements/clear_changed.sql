-- Rows of changed articles, and pairs of compared ones, make room for the staged ones.

delete from articles
where article_id in (select article_id from changed_articles);

delete from paragraphs
where article_id in (select article_id from changed_articles);

delete from removed_blocks
where article_id in (select article_id from changed_articles);

delete from time_signals
where article_id in (select article_id from changed_articles);

delete from credit_signals
where article_id in (select article_id from changed_articles);

delete from copies
where
    article_id in (select article_id from compared_articles)
    or source_id in (select article_id from compared_articles);

delete from reused_passages
where
    article_id in (select article_id from compared_articles)
    or source_id in (select article_id from compared_articles);

delete from wire_groups
where
    exists (select 1 from compared_articles)
    or exists (select 1 from staged_wire_groups);
