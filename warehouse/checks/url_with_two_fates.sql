-- A URL has more than one fate in a run.

select run_id || ': ' || url as offender
from new_fates
group by
    run_id,
    url
having count(*) > 1;
