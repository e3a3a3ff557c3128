-- Each page of a story that was an article, or would have been one about something else: its newest record.

select
    captures.url,
    arg_max(captures.archive_file, captures.fetched_at) as archive_file,
    arg_max(captures.archive_offset, captures.fetched_at) as archive_offset
from internal.captures
inner join runs using (run_id)
where
    runs.story = $story
    and (
        captures.outcome in ('kept', 'unchanged')
        or captures.reason in ('off_topic', 'out_of_window')
    )
group by captures.url
order by captures.url;
