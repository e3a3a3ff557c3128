with same_pages as (
    select
        run_id,
        url
    from internal.captures
    where final_url in (select unnest($urls))
)

select
    url_fates.run_id,
    runs.kind,
    url_fates.story,
    url_fates.url,
    url_fates.via,
    url_fates.source_url,
    url_fates.fate,
    url_fates.reason,
    url_fates.detail,
    url_fates."at" as decided_at,
    url_fates.article_id
from url_fates
inner join runs using (run_id)
where
    url_fates.url in (select unnest($urls))
    or exists (
        select 1
        from same_pages
        where
            same_pages.run_id = url_fates.run_id
            and same_pages.url = url_fates.url
    )
order by
    runs.run_number,
    url_fates.url;
