select
    host,
    "at",
    signal,
    value,
    url
from legal_signals
where
    url in (select unnest($urls))
    or (
        url is null
        and host in (select unnest($hosts))
    )
order by
    url is not null,
    "at",
    signal;
