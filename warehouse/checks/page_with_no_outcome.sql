-- A page that was read as an article has no article version, or one that was not has no reason.
-- Runs before the last reprocessing are left out: it derived their versions again.

with newest_reprocessing as (
    select coalesce(max(run_number), 0) as run_number
    from runs
    where kind = 'reprocess'
)

select captures.run_id || ': ' || captures.url || ': ' || captures.outcome as offender
from new_captures as captures
inner join runs using (run_id)
cross join newest_reprocessing
where
    runs.run_number >= newest_reprocessing.run_number
    and (
        (
            captures.outcome in ('kept', 'unchanged', 'duplicate')
            and not exists (
                select 1
                from article_versions
                where
                    article_versions.article_id = captures.article_id
                    and (
                        article_versions.version = captures.version
                        or (captures.outcome = 'duplicate' and captures.version is null)
                    )
            )
        )
        or (captures.outcome in ('rejected', 'failed') and captures.reason is null)
    );
