-- The row in articles is not the newest row of article_versions.

with versions as materialized (
    select
        article_id,
        version,
        content_hash,
        url
    from article_versions
    where
        article_versions.rowid in (
            select own.rowid
            from article_versions as own
            where own.article_id in (select checked_articles.article_id from checked_articles)
        )
),

newest_versions as (
    select
        article_id,
        max(version) as version
    from versions
    group by article_id
)

select coalesce(newest_versions.article_id, articles.article_id) as offender
from newest_versions
inner join versions using (article_id, version)
full join (
    select
        articles.article_id,
        articles.version,
        articles.content_hash,
        articles.url
    from articles
    -- by the places of the rows: a join reads the addresses of all, matched or not
    where
        articles.rowid in (
            select own.rowid
            from articles as own
            where own.article_id in (select checked_articles.article_id from checked_articles)
        )
) as articles
    on newest_versions.article_id = articles.article_id
where
    articles.version is distinct from newest_versions.version
    or articles.content_hash is distinct from versions.content_hash
    or articles.url is distinct from versions.url;
