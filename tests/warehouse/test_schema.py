"""The SQL contract exists, is documented, and is the same however the file came to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.records import Fate
from tests.warehouse.material import press_rows, stage
from warehouse.connection import ROW_GROUP_ROWS, open_for_reading, open_for_writing
from warehouse.errors import SchemaTooNew, SchemaTooOld
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import open_published, prepare_master
from warehouse.paths import WarehousePaths
from warehouse.schema import migrations
from warehouse.staging import STAGED_TABLES

ARTICLE = (
    "article_id url outlet outlet_name title subtitle byline_raw authors agencies published_at published_raw "
    "published_precision published_source modified_at language text word_count section tags image_url "
    "is_paywalled version first_seen_at content_hash"
)
CONTRACT = {
    "stories": "story title definition since until",
    "runs": "run_id story kind started_at finished_at status rules_version counts",
    "url_fates": "run_id story url outlet via fate reason detail at",
    "articles": ARTICLE,
    "article_versions": f"{ARTICLE} run_id archive_file archive_offset rules_version",
    "story_articles": "story article_id relevance matched_terms",
    "paragraphs": "article_id position kind text word_count is_original",
    "removed_blocks": "article_id position text rule",
    "time_signals": "article_id signal value_raw value precision",
    "credit_signals": "article_id signal value_raw value confidence",
    "copies": "article_id source_id containment source_containment jaccard shared_words longest_run_words "
    "kind direction common_agency",
    "reused_passages": "article_id paragraph start_char end_char source_id source_paragraph "
    "source_start_char source_end_char words similarity",
    "wire_groups": "group_id article_id role agency",
    "originals": f"{ARTICLE} copy_count",
    "outlet_health": "outlet expected found fetched kept status reason",
    "legal_signals": "host at signal value",
}
COLUMNS = [(name, column) for name, columns in CONTRACT.items() for column in columns.split()]
LISTS = ("compared", "unrelated")  # are staged, and have no table of their own
TIMES = "timestamp with time zone"


@pytest.fixture(scope="module")
def columns(press: WarehousePaths) -> set[tuple[str, str]]:
    """Every public column, by the name of its table or view."""
    with open_published(press.published) as connection:
        return set(
            connection.execute(
                "select table_name, column_name from duckdb_columns() where schema_name = 'main'"
            ).fetchall()
        )


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_column_of_the_contract_exists(columns: set[tuple[str, str]], table: str, column: str) -> None:
    assert (table, column) in columns


@pytest.mark.parametrize("name", CONTRACT)
def test_an_object_of_the_contract_can_be_read(press: WarehousePaths, name: str) -> None:
    with open_published(press.published) as connection:
        assert connection.execute(f"from main.{name}").fetchall()


def test_every_table_view_and_column_says_what_it_holds(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        silent = connection.execute(
            """
            select table_name, column_name from duckdb_columns() where not internal and comment is null
            union all
            select table_name, '' from duckdb_tables() where not temporary and comment is null
            union all
            select view_name, '' from duckdb_views() where not internal and comment is null
            """
        ).fetchall()

    assert silent == []


def test_every_column_that_can_be_null_says_when(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        unexplained = connection.execute(
            """
            select columns.table_name, columns.column_name
            from duckdb_columns() as columns
            semi join duckdb_tables() as tables using (table_name)
            where columns.is_nullable and not columns.internal and not contains(columns.comment, 'Null ')
            """
        ).fetchall()

    assert unexplained == []


def test_public_tables_have_a_key_or_say_why_not(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        keyless = connection.execute(
            """
            select table_name from duckdb_tables()
            anti join (select * from duckdb_constraints() where constraint_type = 'PRIMARY KEY')
            using (schema_name, table_name)
            order by all
            """
        ).fetchall()

    # each load checks that no row of these stands twice: keys of so many would cost more than all else
    checked = ["credit_signals", "paragraphs", "removed_blocks", "time_signals"]
    assert [name for (name,) in keyless] == sorted(["legal_signals", *checked])


def test_all_times_carry_a_zone(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        kinds = connection.execute(
            """
            select distinct data_type
            from duckdb_columns()
            where data_type like 'TIMESTAMP%' and not internal
            """
        ).fetchall()

    assert [kind.lower() for (kind,) in kinds] == [TIMES]


def test_counts_of_a_run_has_every_fate(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        ((counts,),) = connection.execute("select counts from runs").fetchall()

    assert set(counts) == {fate.value for fate in Fate}


def test_a_staged_row_has_the_columns_of_its_table(press: WarehousePaths) -> None:
    derived = {"runs": {"run_number"}, "paragraphs": {"is_original"}}
    with open_published(press.published) as connection:
        for row_type, table in STAGED_TABLES.items():
            columns = {
                name
                for (name,) in connection.execute(
                    "select column_name from duckdb_columns() where table_name = ?", [table]
                ).fetchall()
            }
            staged = set(row_type.__dataclass_fields__)
            assert table in LISTS or columns - staged == derived.get(table, set())
            assert table in LISTS or staged <= columns


def test_the_file_can_be_read_by_the_release_before(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        ((tags,),) = connection.execute(
            "select tags from duckdb_databases() where path is not null"
        ).fetchall()

    assert tags["storage_version"].startswith("v1.5.0")


def test_rows_are_written_in_groups_small_enough_to_be_written_anew_with_every_load(tmp_path: Path) -> None:
    with open_for_writing(tmp_path / "reader's.duckdb") as connection:
        connection.execute("create table numbers (number bigint primary key)")
        connection.execute("insert into numbers select range from range(40000)")
        connection.execute("checkpoint")
        sizes = connection.execute(
            "select max(count) from pragma_storage_info('numbers') group by row_group_id"
        ).fetchall()

    assert len(sizes) == 3
    assert max(sizes) <= (ROW_GROUP_ROWS,)


def test_a_newer_schema_is_refused_and_left_untouched(loaded: WarehousePaths) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute("insert into internal.migrations values (999, '0999_later.sql', now())")
    before = loaded.master.read_bytes()

    with lock_warehouse(loaded), pytest.raises(SchemaTooNew, match="999"):
        load_run(loaded, stage(loaded, press_rows("run-2"), "run-2"))

    assert loaded.master.read_bytes() == before


def test_an_older_snapshot_asks_for_repair(tmp_path: Path) -> None:
    file = tmp_path / "old.duckdb"
    with open_for_writing(file) as connection:
        connection.execute(migrations()[0].statements)
        connection.execute("insert into internal.migrations values (1, '0001_tables.sql', now())")

    with pytest.raises(SchemaTooOld, match="doctor --repair"), open_published(file):
        pass


SHAPE = """
select schema_name, table_name, column_name, data_type, is_nullable, comment
from duckdb_columns() where not internal and database_name = current_database() order by all
"""


@pytest.mark.parametrize("released", range(1, len(migrations())))
def test_a_file_of_each_release_becomes_that_of_this_one_with_its_rows(
    paths: WarehousePaths, press: WarehousePaths, released: int
) -> None:
    paths.folder.mkdir()
    with open_for_writing(paths.master) as connection:
        for migration in migrations()[:released]:
            connection.execute(migration.statements)
            connection.execute(
                "insert into internal.migrations values ($version, $name, now())",
                {"version": migration.version, "name": migration.name},
            )
        connection.execute("insert into stories values ('s', 'S', '{}', null, null)")
        connection.execute(
            "insert into paragraphs by name select 'a' as article_id, 0 as position, 'text' as kind, "
            "'Dark.' as text, 1 as word_count, 0 as start_char"
        )

    with lock_warehouse(paths):
        applied = prepare_master(paths)

    assert [one.version for one in applied] == list(range(released + 1, len(migrations()) + 1))
    with open_for_reading(paths.master) as connection:
        shape = connection.execute(SHAPE).fetchall()
        rows = connection.execute("select story, text from stories, paragraphs").fetchall()
    with open_for_reading(press.master) as connection:
        assert sorted(shape, key=str) == sorted(connection.execute(SHAPE).fetchall(), key=str)
    assert rows == [("s", "Dark.")]


def test_a_migration_is_applied_once(paths: WarehousePaths) -> None:
    with lock_warehouse(paths):
        first = prepare_master(paths)
        second = prepare_master(paths)

    assert [one.version for one in first] == [one.version for one in migrations()]
    assert second == ()


def test_the_story_definition_is_queryable_json(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        ((name, kind),) = connection.execute(
            "select definition->>'name', typeof(definition) from stories"
        ).fetchall()

    assert (name, kind) == ("velmora-bridge", "JSON")
