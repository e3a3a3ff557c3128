-- A fate belongs to a run that isn't there.

select new_fates.run_id || ': ' || new_fates.url as offender
from new_fates
anti join runs using (run_id);
