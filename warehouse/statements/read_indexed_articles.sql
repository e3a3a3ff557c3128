-- Articles of the index by their ids, with all their fingerprints.

select
    article_id,
    outlet,
    published_latest,
    digest,
    fingerprints
from internal.indexed_articles
where article_id in (select unnest($article_ids::varchar[]));
