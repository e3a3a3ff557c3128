-- What a run counted while it ran isn't what its fates add up to: a URL was lost or counted twice.

with counted as (
    select
        run_id,
        unnest(map_entries(map {
            'kept': counts.kept,
            'unchanged': counts.unchanged,
            'duplicate': counts.duplicate,
            'rejected': counts.rejected,
            'failed': counts.failed,
            'refused': counts.refused,
            'skipped': counts.skipped,
            'read': counts.read
        }), recursive := true)
    from new_runs
),

fated as (
    select
        run_id,
        fate,
        count(*) as urls
    from new_fates
    group by
        run_id,
        fate
)

select
    format(
        '{}: {} counted as {}, {} with that fate',
        coalesce(counted.run_id, fated.run_id),
        coalesce(counted."value", 0),
        coalesce(counted."key", fated.fate),
        coalesce(fated.urls, 0)
    ) as offender
from counted
full join fated
    on
        counted.run_id = fated.run_id
        and counted."key" = fated.fate
where coalesce(counted."value", 0) <> coalesce(fated.urls, 0);
