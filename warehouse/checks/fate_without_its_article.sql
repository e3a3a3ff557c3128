-- A URL's fate names an article that isn't there, or should name one and doesn't.
-- Runs before the last reprocessing are left out: it derived their articles again.

with newest_reprocessing as (
    select coalesce(max(run_number), 0) as run_number
    from runs
    where kind = 'reprocess'
)

select new_fates.run_id || ': ' || new_fates.url || ': ' || new_fates.fate as offender
from new_fates
inner join runs using (run_id)
cross join newest_reprocessing
left join articles using (article_id)
where
    runs.run_number >= newest_reprocessing.run_number
    and articles.article_id is null
    and (new_fates.fate in ('kept', 'unchanged', 'duplicate') or new_fates.article_id is not null);
