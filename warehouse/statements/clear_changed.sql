-- Rows of changed articles, and pairs of compared ones, make room for the staged ones.

delete from articles
where article_id in (select article_id from replaced_articles);

delete from paragraphs
where article_id in (select article_id from replaced_articles);

delete from removed_blocks
where article_id in (select article_id from replaced_articles);

delete from time_signals
where article_id in (select article_id from replaced_articles);

delete from credit_signals
where article_id in (select article_id from replaced_articles);

delete from copies
where
    article_id in (select article_id from compared_articles)
    or source_id in (select article_id from compared_articles);

delete from reused_passages
where
    article_id in (select article_id from compared_articles)
    or source_id in (select article_id from compared_articles);

delete from internal.indexed_articles
where article_id in (select article_id from replaced_articles);

-- a group with any such member is staged as it is now, or no more
delete from wire_groups
where
    group_id in (
        select wire_groups.group_id
        from wire_groups
        where
            wire_groups.article_id in (select compared_articles.article_id from compared_articles)
            or wire_groups.article_id in (select staged_wire_groups.article_id from staged_wire_groups)
    );
