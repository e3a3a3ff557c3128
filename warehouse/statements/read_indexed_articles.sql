-- Articles of the index by their ids, with all their fingerprints.

select
    article_id,
    outlet,
    published_latest,
    digest,
    fingerprints
from internal.indexed_articles
-- by the places of the rows: a join reads the fingerprints of all, matched or not
where
    rowid in (
        select own.rowid
        from internal.indexed_articles as own
        where own.article_id in (select unnest($article_ids::varchar[]))
    );
