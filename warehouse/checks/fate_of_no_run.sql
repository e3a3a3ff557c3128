-- A fate belongs to a run that isn't there.

select url_fates.run_id || ': ' || url_fates.url as offender
from url_fates
anti join runs using (run_id);
