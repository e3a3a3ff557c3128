-- Versions that this load replaced and whose fingerprints aren't there.

select
    known_versions.article_id,
    known_versions.version
from known_versions
anti join new_articles using (article_id, version)
anti join internal.superseded_fingerprints using (article_id, version)
order by
    known_versions.article_id,
    known_versions.version;
