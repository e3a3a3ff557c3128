-- A copy has no passage that shows it.

with unshown as materialized (
    select
        new_copies.article_id,
        new_copies.source_id
    from new_copies
    anti join new_passages using (article_id, source_id)
)

select unshown.article_id || ' from ' || unshown.source_id as offender
from unshown
where
    -- a row that was judged anew counts as new, its passages don't
    not exists (
        select 1
        from reused_passages
        where
            reused_passages.article_id in (select sought.article_id from unshown as sought)
            and reused_passages.article_id = unshown.article_id
            and reused_passages.source_id = unshown.source_id
    );
