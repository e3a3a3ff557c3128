-- The texts of a batch of versions that were replaced, in its order, and their fingerprints if they are there.

with batch as (
    select
        unnest(range(len($ids))) as place,
        unnest($ids::varchar[]) as article_id,
        unnest($versions::integer[]) as version
)

select
    article_versions.article_id,
    article_versions.text,
    superseded.fingerprints
from article_versions
inner join batch
    on
        article_versions.article_id = batch.article_id
        and article_versions.version = batch.version
left join internal.superseded_fingerprints as superseded
    on
        batch.article_id = superseded.article_id
        and batch.version = superseded.version
-- by the places of the rows: a join reads the texts of all, matched or not
where
    article_versions.rowid in (
        select own.rowid
        from article_versions as own
        semi join batch using (article_id, version)
    )
order by batch.place;
