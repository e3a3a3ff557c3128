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
where
    $story is null
    or story = $story
order by run_number desc
limit 1;
