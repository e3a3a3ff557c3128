-- The row in articles is not the newest row of article_versions.

with newest_versions as (
    select
        article_id,
        max(version) as version
    from article_versions
    inner join checked_articles using (article_id)
    group by article_id
)

select coalesce(newest_versions.article_id, articles.article_id) as offender
from newest_versions
inner join article_versions using (article_id, version)
full join (
    select
        articles.article_id,
        articles.version,
        articles.content_hash,
        articles.url
    from articles
    inner join checked_articles using (article_id)
) as articles
    on newest_versions.article_id = articles.article_id
where
    articles.version is distinct from newest_versions.version
    or articles.content_hash is distinct from article_versions.content_hash
    or articles.url is distinct from article_versions.url;
