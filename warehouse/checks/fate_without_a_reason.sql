-- A URL was lost on the way and nothing says why.

select new_fates.run_id || ': ' || new_fates.url || ': ' || new_fates.fate as offender
from new_fates
where
    new_fates.fate in ('duplicate', 'rejected', 'failed', 'refused', 'skipped')
    and new_fates.reason is null;
