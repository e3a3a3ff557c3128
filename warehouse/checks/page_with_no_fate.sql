-- A page was fetched and its URL has no fate in that run.

select captures.run_id || ': ' || captures.url as offender
from internal.captures as captures
inner join checked_runs using (run_id)
left join url_fates using (run_id, url)
where url_fates.run_id is null;
