-- The index of the copy finder holds an article that isn't there, or an older version of one.

with unknown as materialized (
    select
        new_indexed.article_id,
        new_indexed.version
    from new_indexed
    anti join known_articles using (article_id, version)
)

select unknown.article_id as offender
from unknown
where
    not exists (
        select 1
        from articles
        where
            articles.article_id in (select sought.article_id from unknown as sought)
            and articles.article_id = unknown.article_id
            and articles.version = unknown.version
    );
