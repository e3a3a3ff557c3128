-- Every public table, view and column with its comment, in the order of their making.

with objects as (
    select
        table_oid as oid,
        table_name as name,
        'table' as kind,
        comment
    from duckdb_tables()
    where
        schema_name = 'main'
        and not temporary
    union all
    select
        view_oid as oid,
        view_name as name,
        'view' as kind,
        comment
    from duckdb_views()
    where
        schema_name = 'main'
        and not internal
)

select
    objects.name,
    objects.kind,
    objects.comment,
    columns.column_name,
    columns.data_type,
    columns.comment as column_comment
from objects
inner join duckdb_columns() as columns
    on
        objects.name = columns.table_name
        and columns.schema_name = 'main'
order by
    objects.kind,
    objects.name,
    columns.column_index
