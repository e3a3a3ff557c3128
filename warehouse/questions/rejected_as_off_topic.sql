-- Title: What was rejected as off topic?
-- About: A sample of 25 pages to judge by hand: drawn by a hash of the address without its host, so the same ones each time, also after a site moved.
-- Parameter story: name of a story; all stories without it

select
    url_fates.outlet,
    max(url_fates.detail) as detail,
    url_fates.url
from url_fates
where
    url_fates.reason = 'off_topic'
    and (
        $story is null
        or url_fates.story = $story
    )
group by
    url_fates.outlet,
    url_fates.url
order by
    md5(regexp_replace(url_fates.url, '^[a-z]+://[^/]*', '')),
    url_fates.url
limit 25;
