-- What a mistyped URL may have been, the closest first.

with known as (
    select distinct url
    from url_fates
)

select url
from known
where jaro_winkler_similarity(url, $url) > 0.85
order by
    jaro_winkler_similarity(url, $url) desc,
    url
limit 3;
