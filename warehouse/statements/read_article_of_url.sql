-- The article that a URL is, the most direct connection first.

with wanted as (
    select unnest($urls) as url
),

found as (
    select
        article_id,
        0 as distance
    from articles
    where
        url in (select wanted.url from wanted)
        or article_id in (select wanted.url from wanted)
    union all
    select
        article_id,
        1 as distance
    from url_fates
    where
        url in (select wanted.url from wanted)
        and article_id is not null
    union all
    select
        article_id,
        2 as distance
    from url_aliases
    where url in (select wanted.url from wanted)
    union all
    select
        article_id,
        3 as distance
    from articles
    where canonical_url in (select wanted.url from wanted)
)

select found.article_id
from found
semi join articles using (article_id)
order by
    found.distance,
    found.article_id
limit 1;
