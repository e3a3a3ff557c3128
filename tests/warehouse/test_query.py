"""Other people's SQL: plain questions are answered, everything else is refused or ended."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.warehouse.material import stage, whole_run
from warehouse.errors import (
    MissingWarehouse,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    QueryTooLarge,
)
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.query import QueryLimits, run_query

SHORT = QueryLimits(seconds=2.0)
REFUSED = [
    "copy articles to '{folder}/stolen.csv'",
    "copy (select 1) to '{folder}/stolen.parquet' (format parquet)",
    "attach '{folder}/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "pragma enable_profiling",
    "set memory_limit = '100GB'",
    "reset lock_configuration",
    "export database '{folder}/stolen'",
    "create table mine as select 1",
    "delete from articles",
    "with gone as (delete from articles returning *) from gone",
    "call enable_logging()",
    "select * from read_text('/etc/hostname')",
    "select * from read_csv('{folder}/secret.csv')",
    "select * from '{folder}/secret.csv'",
    "select * from read_parquet('{folder}/*.parquet')",
    "select * from glob('/*')",
    "select * from 'http://127.0.0.1:9/x.csv'",
    "select * from read_duckdb('{folder}/other.duckdb')",
    "select (select content from read_text('/etc/hostname'))",
    "from query($$from read_text('/etc/hostname')$$)",
    "select * from sniff_csv('{folder}/secret.csv')",
    "from duckdb_secrets()",
    "import database '{folder}'",
    "from enable_logging()",
    'from "enable_profiling" ()',
    "from pandas_scan(12345678)",
    "select 1; copy articles to '{folder}/stolen.csv'",
    "",
]


@pytest.mark.parametrize("attack", REFUSED)
def test_what_reaches_outside_the_tables_is_refused(
    attack: str, press: WarehousePaths, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")

    with pytest.raises(QueryRefused):
        run_query(press.published, attack.format(folder=tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize(
    "attack",
    [
        "select getenv('HOME')",
        "from attack",  # a variable of the process that asks
        "from 'file:///etc/passwd'",
        "from query('copy articles to stolen')",
        "select load_extension('httpfs')",
    ],
)
def test_what_other_clients_of_duckdb_can_do_does_not_exist_here(attack: str, press: WarehousePaths) -> None:
    with pytest.raises(QueryFailed, match=r"does not exist|Expected a single SELECT"):
        run_query(press.published, attack)


@pytest.mark.parametrize(
    "hog",
    [
        "select length(repeat('a', 1000000000))",
        "select list(range) from range(300000000)",
        "select string_agg(repeat('x', 1000000), '') from range(5000)",
        "select range from range(1000000000) order by hash(range)",  # DuckDB would go on in a file
    ],
)
def test_a_query_that_needs_too_much_memory_is_ended(hog: str, press: WarehousePaths) -> None:
    with pytest.raises(QueryTooLarge, match="memory"):
        run_query(press.published, hog, limits=QueryLimits(seconds=10))


@pytest.mark.parametrize(
    "endless",
    [
        "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 5",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    ],
)
def test_a_query_that_does_not_end_is_killed_in_time(endless: str, press: WarehousePaths) -> None:
    started = time.monotonic()

    with pytest.raises(QueryTimeout, match="2 s"):
        run_query(press.published, endless, limits=SHORT)

    assert time.monotonic() - started < 30  # on a machine that stalls


def test_an_answer_is_never_cut_short_but_refused_as_too_large(press: WarehousePaths) -> None:
    with pytest.raises(QueryTooLarge, match="wirecopy export"):
        run_query(
            press.published, "select repeat('x', 1000) from range(2000)", limits=QueryLimits(result_mb=1)
        )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select nope from articles", r"nope.*line 1, column 8"),
        ("select *\nfrom nowhere", r"nowhere.*line 2, column 6"),
        ("selct 1", r"line 1, column 1"),
        ("select 1 / 'x'", r"Could not convert"),
        ("select * from articles where url = $missing", r"missing"),
    ],
)
def test_a_mistake_is_named_with_its_place(query: str, message: str, press: WarehousePaths) -> None:
    with pytest.raises(QueryFailed, match=message) as caught:
        run_query(press.published, query)

    assert "\n" not in str(caught.value)


def test_values_keep_their_types(press: WarehousePaths) -> None:
    result = run_query(
        press.published,
        "select started_at, counts.kept as kept, [1, 2] as list, {'a': 'b'} as struct, "
        "1.50::decimal(4, 2) as exact, date '2024-05-03' as day, null as nothing, "
        "'ünï\n\"' as text, true as yes from runs",
    )

    assert result.rows == (
        (
            datetime(2024, 5, 3, 12, tzinfo=UTC),
            4,
            [1, 2],
            {"a": "b"},
            result.rows[0][4],
            datetime(2024, 5, 3).date(),
            None,
            'ünï\n"',
            True,
        ),
    )
    assert str(result.rows[0][4]) == "1.50"
    assert result.types[0] == "TIMESTAMP WITH TIME ZONE"


@pytest.mark.parametrize(
    "question", ["from copies", "describe articles", "summarize paragraphs", "values (1)", "show tables"]
)
def test_other_ways_to_ask_work(question: str, press: WarehousePaths) -> None:
    assert run_query(press.published, question).rows


def test_parameters_are_bound(press: WarehousePaths) -> None:
    result = run_query(
        press.published,
        "select $text as text where $story is null",
        {"text": "'; drop table articles; --", "story": None},
    )

    assert result.rows == (("'; drop table articles; --",),)


def test_an_empty_answer_has_its_columns(press: WarehousePaths) -> None:
    result = run_query(press.published, "select url, title from articles where false")

    assert (result.columns, result.rows) == (("url", "title"), ())


def test_a_query_runs_while_a_run_is_at_work(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        load_run(loaded, stage(loaded, whole_run([], "run-2"), "run-2"))

        assert run_query(loaded.published, "select count(*) from runs").rows == ((1,),)


def test_a_missing_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingWarehouse):
        run_query(tmp_path / "none.duckdb", "select 1")


def test_a_users_folder_of_the_same_name_does_no_harm(
    press: WarehousePaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    (tmp_path / "duckdb.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)

    assert run_query(press.published, "select 1").rows == ((1,),)
