select group_id
from wire_groups
where group_id in (select unnest($group_ids::varchar[]))
union
select group_id
from group_merges
where group_id in (select unnest($group_ids::varchar[]));
