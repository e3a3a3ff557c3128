-- Versions that a newer one has replaced.

select
    article_versions.article_id,
    article_versions.version
from article_versions
anti join articles
    on
        article_versions.article_id = articles.article_id
        and article_versions.version = articles.version
order by
    article_versions.article_id,
    article_versions.version;
