insert into runs (run_id, run_number, story, kind, started_at, finished_at, status, rules_version, counts)
select
    staged_runs.run_id,
    (select coalesce(max(runs.run_number), 0) + 1 from runs) as run_number,
    staged_runs.story,
    staged_runs.kind,
    staged_runs.started_at,
    staged_runs.finished_at,
    staged_runs.status,
    staged_runs.rules_version,
    struct_pack(
        kept := coalesce(staged_runs.counts.kept, 0),
        unchanged := coalesce(staged_runs.counts.unchanged, 0),
        duplicate := coalesce(staged_runs.counts.duplicate, 0),
        rejected := coalesce(staged_runs.counts.rejected, 0),
        failed := coalesce(staged_runs.counts.failed, 0),
        refused := coalesce(staged_runs.counts.refused, 0),
        skipped := coalesce(staged_runs.counts.skipped, 0),
        read := coalesce(staged_runs.counts.read, 0)
    ) as counts
from staged_runs;
