-- Versions that a newer one has replaced and whose fingerprints aren't there.

select
    article_versions.article_id,
    article_versions.version
from article_versions
anti join articles
    on
        article_versions.article_id = articles.article_id
        and article_versions.version = articles.version
anti join internal.superseded_fingerprints as superseded
    on
        article_versions.article_id = superseded.article_id
        and article_versions.version = superseded.version
order by
    article_versions.article_id,
    article_versions.version;
