"""DuckDB: schema, load, views, checks, publish; the only package that imports duckdb."""
