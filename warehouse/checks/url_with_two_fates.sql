-- A URL has more than one fate in a run.

select run_id || ': ' || url as offender
from url_fates
inner join checked_runs using (run_id)
group by
    run_id,
    url
having count(*) > 1;
