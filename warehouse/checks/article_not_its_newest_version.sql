-- The row in articles is not the newest row of article_versions.

with newest_versions as (
    select
        article_id,
        max(version) as version
    from known_versions
    group by article_id
)

select coalesce(newest_versions.article_id, new_articles.article_id) as offender
from newest_versions
inner join known_versions as versions using (article_id, version)
full join new_articles on newest_versions.article_id = new_articles.article_id
where
    new_articles.version is distinct from newest_versions.version
    or new_articles.content_hash is distinct from versions.content_hash
    or new_articles.url is distinct from versions.url;
