-- Articles of the index by their numbers; numbers of versions that are no more are left out.

select
    indexed.number,
    indexed.article_id,
    indexed.outlet,
    indexed.published_latest,
    indexed.digest,
    len(indexed.fingerprints) as size
from internal.indexed_articles as indexed
semi join wanted using (number);
