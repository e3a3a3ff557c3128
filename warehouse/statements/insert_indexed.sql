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
        place as number,
        list(fingerprint order by fingerprint) as fingerprints
    from fingerprinted
    group by place
),

batch as (
    select
        unnest(range(len($places))) as number,
        unnest($places::bigint[]) as place,
        unnest($digests::varchar[]) as digest
)

select
    $first_number + batch.number as number,
    articles.article_id,
    articles.version,
    $method as method,
    articles.outlet,
    articles.published_latest,
    batch.digest,
    coalesce(gathered.fingerprints, []) as fingerprints
from batch
inner join articles on batch.place = articles.rowid
left join gathered on batch.number = gathered.number
order by batch.number;
