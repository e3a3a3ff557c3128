-- Fingerprints of a batch of articles; `digested` and `fingerprinted` are arrays of the caller's.

insert into internal.indexed_articles (
    number,
    article_id,
    version,
    method,
    outlet,
    published_latest,
    digest,
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
        unnest(range(len($article_ids))) as place,
        unnest($article_ids::varchar[]) as article_id,
        unnest($digests::varchar[]) as digest
)

select
    $first_number + batch.place as number,
    articles.article_id,
    articles.version,
    $method as method,
    articles.outlet,
    articles.published_latest,
    batch.digest,
    coalesce(gathered.fingerprints, []) as fingerprints
from batch
inner join articles using (article_id)
left join gathered using (place)
order by batch.place;
