-- Fingerprints of a batch of versions; `fingerprinted` is an array of the caller's.

insert into internal.superseded_fingerprints (
    article_id,
    version,
    method,
    fingerprints
)
with gathered as (
    select
        place,
        list(fingerprint order by fingerprint) as fingerprints
    from fingerprinted
    group by place
),

batch as (
    select
        unnest(range(len($ids))) as place,
        unnest($ids::varchar[]) as article_id,
        unnest($versions::integer[]) as version
)

select
    batch.article_id,
    batch.version,
    $method as method,
    coalesce(gathered.fingerprints, []) as fingerprints
from batch
left join gathered using (place)
order by batch.place;
