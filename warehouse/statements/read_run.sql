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
where run_id = $run_id;
