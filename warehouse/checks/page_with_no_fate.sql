-- A page was fetched and its URL has no fate in that run.

select captures.run_id || ': ' || captures.url as offender
from new_captures as captures
left join new_fates using (run_id, url)
where new_fates.run_id is null;
