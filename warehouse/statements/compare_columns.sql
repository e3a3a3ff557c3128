-- The columns of articles that both files have.

select newer.column_name
from duckdb_columns() as newer
inner join duckdb_columns() as was using (schema_name, table_name, column_name)
where
    newer.schema_name = 'main'
    and newer.table_name = 'articles'
    and newer.database_name = current_database()
    and was.database_name = 'older'
order by newer.column_index;
