-- All members of the groups that any of the articles is in.

select
    article_id,
    group_id
from wire_groups
where
    group_id in (
        select wire_groups.group_id
        from wire_groups
        where wire_groups.article_id in (select unnest($article_ids::varchar[]))
    );
