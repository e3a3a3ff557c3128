-- All loaded runs, in the order of loading.

select
    run_id,
    run_number,
    story,
    kind,
    started_at,
    finished_at,
    status,
    rules_version
from runs
order by run_number
