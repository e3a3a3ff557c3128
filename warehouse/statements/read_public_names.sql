select table_name
from duckdb_tables()
where
    schema_name = 'main'
    and not temporary
union all
select view_name
from duckdb_views()
where
    schema_name = 'main'
    and not internal
    and not temporary
order by all;
