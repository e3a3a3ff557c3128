-- A group has no origin, or more than one, or a single member.

select wire_groups.group_id as offender
from wire_groups
where wire_groups.group_id in (select new_members.group_id from new_members)
group by wire_groups.group_id
having
    count(*) filter (where wire_groups.role = 'origin') <> 1
    or count(*) < 2;
