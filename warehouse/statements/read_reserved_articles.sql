-- Articles whose site or page reserves its rights.

with statements as (
    select
        lower(host) as host,
        signal,
        url,
        arg_max(value, "at") as "value"
    from legal_signals
    group by all
),

reservations as (
    select
        host,
        url
    from statements
    where
        (signal in ('tdm-reservation', 'tdmrep') and regexp_matches("value", '^\s*1\b'))
        or (
            signal in ('meta robots', 'x-robots-tag')
            and regexp_matches(lower("value"), '\b(noai|noarchive|noindex|nosnippet)\b|(^|[,;])\s*none\s*($|[,;])')
        )
        or (signal = 'content-signal' and regexp_matches(lower("value"), '\bai-(train|input)\s*=\s*no\b'))
),

-- every URL under which an article came in
addresses as (
    select
        article_id,
        url
    from articles
    union
    select
        article_id,
        url
    from internal.captures
    where article_id is not null
    union
    select
        article_id,
        final_url
    from internal.captures
    where article_id is not null
),

hosts as (
    select
        article_id,
        url,
        lower(regexp_extract(url, '^[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#]*)', 1)) as host
    from addresses
)

select distinct hosts.article_id
from hosts
inner join reservations
    on
        hosts.url = reservations.url
        or (
            reservations.url is null
            and reservations.host in (hosts.host, regexp_replace(hosts.host, ':[0-9]+$', ''))
        )
order by hosts.article_id;
