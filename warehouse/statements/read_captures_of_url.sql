select
    captures.run_id,
    captures.url,
    captures.final_url,
    captures.fetched_at,
    captures.status,
    captures.media_type,
    captures.payload_digest,
    captures.archive_file,
    captures.archive_offset,
    captures.outcome,
    captures.reason
from internal.captures as captures
inner join runs using (run_id)
where
    captures.url in (select unnest($urls))
    or captures.final_url in (select unnest($urls))
order by
    runs.run_number,
    captures.fetched_at,
    captures.archive_offset;
