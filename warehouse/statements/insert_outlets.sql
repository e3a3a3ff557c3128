insert into outlets by name
with given as (
    select unnest(
        cast(
            $rows as struct(outlet varchar, country varchar, owner varchar, type varchar, extra varchar)[]
        )
    ) as row
)

select
    row.outlet,
    row.country,
    row.owner,
    row.type,
    cast(row.extra as json) as extra
from given;
