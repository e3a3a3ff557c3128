-- An article version was made by a run that isn't there.

select new_versions.article_id || ' version ' || new_versions.version as offender
from new_versions
anti join runs using (run_id);
