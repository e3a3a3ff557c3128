-- What became of every URL of a story at last: the newest answer that was read, else the newest attempt.
-- All of them are counted; of each fate and reason, the first few are shown.

with at_last as (
    select
        url_fates.url,
        url_fates.outlet,
        if(url_fates.fate = 'unchanged', 'kept', url_fates.fate) as fate,
        url_fates.reason,
        url_fates.detail,
        url_fates.via
    from url_fates
    inner join runs using (run_id)
    where url_fates.story = $story
    qualify row_number() over (
        partition by url_fates.url
        order by
            url_fates.fate in ('failed', 'refused', 'skipped'),
            runs.run_number desc
    ) = 1
),

counted as (
    select
        *,
        count(*) over (
            partition by
                fate,
                reason
        ) as urls,
        row_number() over (
            partition by
                fate,
                reason
            order by
                outlet,
                url
        ) as place
    from at_last
)

select
    fate,
    reason,
    urls,
    url,
    outlet,
    via,
    detail
from counted
where place <= $shown
order by
    fate,
    urls desc,
    reason,
    place;
