from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.ledger import Ledger, decode_line, encode_line, read_lines


def write(path: Path, count: int) -> None:
    with Ledger(path) as ledger:
        for number in range(count):
            ledger.append({"number": number})


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.text(max_size=20), st.integers())))
def test_a_line_comes_back_as_written(values: dict[str, object]) -> None:
    assert decode_line(encode_line(values)) == values


@given(st.integers(0, 30), st.integers(1, 255))
def test_a_changed_byte_is_noticed(position: int, change: int) -> None:
    line = bytearray(encode_line({"url": "http://a.example/x"}))
    line[position] ^= change

    assert decode_line(bytes(line)) is None


def test_lines_are_added_after_those_there(tmp_path: Path) -> None:
    write(tmp_path / "log", 2)
    with Ledger(tmp_path / "log") as ledger:
        assert [values["number"] for values in ledger.lines] == [0, 1]
        ledger.append({"number": 2})

    assert [values["number"] for values in read_lines(tmp_path / "log")] == [0, 1, 2]


@pytest.mark.parametrize("tail", [b"x", b"00000000 {}\n", b"\x00" * 4096, encode_line({"number": 9})[:-1]])
def test_a_torn_tail_is_cut_and_the_next_line_is_whole(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "log"
    write(path, 2)
    path.write_bytes(path.read_bytes() + tail)

    with Ledger(path) as ledger:
        ledger.append({"number": 2})

    assert [values["number"] for values in read_lines(path)] == [0, 1, 2]


def test_nothing_counts_after_the_first_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"!" + lines[1] + lines[2])

    assert [values["number"] for values in read_lines(path)] == [0]


def test_a_missing_file_has_no_lines(tmp_path: Path) -> None:
    assert list(read_lines(tmp_path / "none")) == []
