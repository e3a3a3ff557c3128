-- A URL was lost on the way and nothing says why.

select url_fates.run_id || ': ' || url_fates.url || ': ' || url_fates.fate as offender
from url_fates
inner join checked_runs using (run_id)
where
    url_fates.fate in ('duplicate', 'rejected', 'failed', 'refused', 'skipped')
    and url_fates.reason is null;
