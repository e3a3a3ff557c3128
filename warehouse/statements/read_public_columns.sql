select
    column_name,
    data_type
from duckdb_columns()
where
    schema_name = 'main'
    and table_name = $name
order by column_index;
