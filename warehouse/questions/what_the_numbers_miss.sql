-- Title: What do the numbers miss?
-- About: Pages of the latest run of each story that may tell it and aren't counted, by outlet and reason: refused, broken, behind a wall, or no readable article. What was read and is off topic, or lies outside the time window, isn't among them.
-- Parameter story: name of a story; all stories without it

with latest as (
    select
        story,
        max_by(run_id, run_number) as run_id
    from runs
    where
        story is not null
        and (
            $story is null
            or story = $story
        )
    group by story
)

select
    url_fates.outlet,
    url_fates.fate,
    url_fates.reason,
    count(*) as pages,
    min(url_fates.url) as example
from url_fates
semi join latest using (story, run_id)
where
    url_fates.fate in ('failed', 'refused', 'rejected', 'skipped')
    and url_fates.reason not in ('off_topic', 'out_of_window')
group by
    url_fates.outlet,
    url_fates.fate,
    url_fates.reason
order by
    pages desc,
    url_fates.outlet nulls last,
    url_fates.fate,
    url_fates.reason;
