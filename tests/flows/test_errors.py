"""Bad input: one clear line with the next step, the right exit code, and nothing else is lost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import duckdb
import pytest

from flows.demo.server import serve_press
from tests.flows.conftest import COMMAND, free_port, wirecopy, wirecopy_here
from warehouse.master import open_published

TEXT = "\n\n".join(
    f"The ferry to Low Island stopped for day {day} because its captain had lost the timetable, and "
    "neither the harbour master nor the mayor knew where the spare copy was kept."
    for day in ("one", "two", "three", "four")
)


def line(**values: object) -> str:
    return json.dumps({"url": "http://a.example/ferry", "text": f"The ferry stops\n\n{TEXT}", **values})


def write_story(folder: Path, extra: str = "", feed: str = "http://127.0.0.1:9/rss") -> Path:
    path = folder / "ferry.toml"
    path.write_text(
        f'[story]\nname = "ferry"\n[match]\nall = ["ferry"]\n[sources]\nfeeds = ["{feed}"]\n'
        f"[fetch]\nallow_private_hosts = true\ndelay_seconds = 0\n{extra}",
        encoding="utf-8",
    )
    return path


def assert_one_clear_line(said: str, *parts: str) -> None:
    lines = [text for text in said.splitlines() if text.startswith("wirecopy: ") or "Error" in text]
    assert "Traceback" not in said
    assert len(lines) == 1, said
    for part in parts:
        assert part in lines[0]


def test_an_unknown_key_names_file_line_and_key(tmp_path: Path) -> None:
    done = wirecopy_here("run", str(write_story(tmp_path, "delay_secnds = 1\n")), cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "ferry.toml:10", "delay_secnds", "unknown key")
    assert not (tmp_path / "warehouse").exists()


def test_a_bad_date_names_file_line_and_value(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[story]\nname = "x"\nsince = "31.01.2024"\n', encoding="utf-8")

    done = wirecopy_here("run", str(path), cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "bad.toml:3", "31.01.2024", "2024-01-28")
    assert not (tmp_path / "warehouse").exists()


def test_a_missing_story_file_says_how_to_get_one(tmp_path: Path) -> None:
    done = wirecopy_here("run", "nowhere.toml", cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "nowhere.toml", "wirecopy new")


def test_a_missing_input_touches_nothing(tmp_path: Path) -> None:
    done = wirecopy_here("ingest", "nowhere.txt", cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "nowhere.txt", "no such file")
    assert not (tmp_path / "warehouse").exists()


def test_an_unknown_verb_suggests_the_near_one(tmp_path: Path) -> None:
    done = wirecopy_here("ingset", cwd=tmp_path)

    assert done.returncode == 2
    assert "Did you mean 'ingest'?" in done.stderr


def test_a_question_before_any_run_says_how_to_fill_a_warehouse(tmp_path: Path) -> None:
    done = wirecopy_here("sql", "select 1", cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "coverage.duckdb", "wirecopy run")


def test_an_unreachable_host_is_a_fate_and_a_line(tmp_path: Path) -> None:
    port = free_port()
    story = write_story(tmp_path, feed=f"http://127.0.0.1:{port}/rss")

    done = wirecopy("run", str(story), "--no-prefect", cwd=tmp_path)

    assert done.returncode == 1
    assert_one_clear_line(done.stderr, f"http://127.0.0.1:{port}/rss", "next:")
    with open_published(tmp_path / "warehouse" / "coverage.duckdb") as connection:
        fates = connection.execute("select fate, url from url_fates").fetchall()
    assert [url for _, url in fates] == [f"http://127.0.0.1:{port}/rss"]
    assert fates[0][0] in ("failed", "refused")


def test_a_private_host_is_refused_unless_the_story_allows_it(tmp_path: Path) -> None:
    with serve_press() as press:
        story = write_story(tmp_path, feed=f"http://127.0.0.1:{press.port}/rss")
        story.write_text(
            story.read_text(encoding="utf-8").replace("allow_private_hosts = true", ""), encoding="utf-8"
        )
        done = wirecopy("run", str(story), "--no-prefect", cwd=tmp_path)

        assert press.requests == []
    assert done.returncode == 1
    assert_one_clear_line(done.stderr, "private_address", "allow_private_hosts")


def test_a_bad_jsonl_line_costs_itself_only(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(
        "\n".join([line(), '{"url": "http://a.example/torn", "text": ', line(url="http://a.example/b")])
        + "\n",
        encoding="utf-8",
    )

    done = wirecopy_here("ingest", "dump.jsonl", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 1
    assert_one_clear_line(done.stderr, "dump.jsonl", "2", "bad_line", "next:")
    with open_published(tmp_path / "warehouse" / "coverage.duckdb") as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(2,)]


def test_a_foreign_duckdb_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table precious as select 42 as answer")
    before = path.read_bytes()
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")

    done = wirecopy_here("ingest", "a.jsonl", "--warehouse", "theirs.duckdb", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, "theirs.duckdb", "--warehouse")
    assert path.read_bytes() == before
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.jsonl", "theirs.duckdb"]


def test_a_locked_master_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    assert wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path).returncode == 0
    (tmp_path / "b.jsonl").write_text(line(url="http://a.example/b") + "\n", encoding="utf-8")

    with duckdb.connect(str(tmp_path / "warehouse" / "coverage.duckdb.d" / "master.duckdb")):
        done = wirecopy("ingest", "b.jsonl", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 75
    assert_one_clear_line(done.stderr, "master.duckdb")
    assert wirecopy_here("ingest", "b.jsonl", "--no-prefect", cwd=tmp_path).returncode == 0


def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    assert wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path).returncode == 0
    (tmp_path / "b.jsonl").write_text(line(url="http://a.example/b") + "\n", encoding="utf-8")
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
    )

    done = subprocess.run(
        [COMMAND[0], "-c", limited + COMMAND[2], "ingest", "b.jsonl", "--no-prefect"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert_one_clear_line(done.stderr, "disk is full")
    warehouse = tmp_path / "warehouse" / "coverage.duckdb"
    with open_published(warehouse) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(1,)]
    assert wirecopy_here("ingest", "b.jsonl", "--no-prefect", cwd=tmp_path).returncode == 0
    with open_published(warehouse) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(2,)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    (tmp_path / "shut").mkdir(mode=0o500)

    done = wirecopy_here("ingest", "a.jsonl", "--warehouse", "shut/x.duckdb", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 1
    assert_one_clear_line(done.stderr, "shut")


def test_a_taken_demo_port_names_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = wirecopy("demo", "--port", str(port), "--no-prefect", cwd=tmp_path)

    assert done.returncode == 2
    assert_one_clear_line(done.stderr, str(port), "--port")


def test_a_typo_in_sql_shows_where(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path)

    done = wirecopy_here("sql", "selct 1", cwd=tmp_path)

    assert done.returncode == 2
    assert "selct" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_url_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path)

    done = wirecopy_here("why", "http://a.example/unheard-of", cwd=tmp_path)

    assert done.returncode == 1
    assert_one_clear_line(done.stderr, "unheard-of")


def test_why_finds_an_article_behind_tracking_parameters(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path)

    done = wirecopy_here("why", "http://a.example/ferry?utm_source=mail#top", "--json", cwd=tmp_path)

    assert done.returncode == 0
    assert json.loads(done.stdout)["fates"][0]["fate"] == "kept"
