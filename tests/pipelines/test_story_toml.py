from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.polling import PollRules
from pipelines.story import CopyRules, Story
from pipelines.story_toml import StoryError, parse_story

WHOLE = b"""
[story]
name = "harbour-strike"
title = "Dockers' strike at Harbourtown"
since = 2024-01-28
until = 2024-02-15

[match]
all = ["Harbourtown|harbour", "strike|walkout"]
any = ["dockers"]
none = ["football"]

[sources]
seeds = ["http://harbour-post.example/strike-begins"]
feeds = ["http://harbour-post.example/rss.xml"]

[fetch]
delay_seconds = 2
allow_private_hosts = true
resolve = { "Harbour-Post.example" = "127.0.0.2" }
"""


def faults_of(source: bytes) -> list[str]:
    with pytest.raises(StoryError) as caught:
        parse_story(source, "story.toml")
    return str(caught.value).splitlines()


def test_a_whole_story_file_is_read() -> None:
    story = parse_story(WHOLE, "story.toml")

    assert story.name == "harbour-strike"
    assert story.since == datetime(2024, 1, 28, tzinfo=UTC)
    assert story.until == datetime(2024, 2, 16, tzinfo=UTC)  # the last day is included
    assert story.match.all == ("Harbourtown|harbour", "strike|walkout")
    assert story.fetch.delay_seconds == 2.0
    assert story.fetch.resolve == (("harbour-post.example", "127.0.0.2"),)


def test_a_story_survives_the_way_through_json() -> None:
    story = parse_story(WHOLE, "story.toml")

    assert Story.from_definition(json.loads(json.dumps(story.definition()))) == story


def test_an_unknown_key_is_named_with_file_and_line() -> None:
    assert faults_of(WHOLE.replace(b"delay_seconds", b"delay_secs")) == [
        "story.toml:18: fetch.delay_secs: unknown key; known are delay_seconds, max_pages_per_host, "
        "follow_links, allow_private_hosts, timeout_seconds, contact, private_hosts, render, resolve"
    ]


def test_an_unknown_table_is_named_with_its_line() -> None:
    assert faults_of(b'[story]\nname = "a"\n[source]\nfeeds = []\n')[0].startswith(
        "story.toml:3: source: unknown table"
    )


def test_all_faults_come_at_once_in_order_of_lines() -> None:
    faults = faults_of(b'[story]\nname = "Bad Name"\nsince = "soon"\n[sources]\nfeeds = ["ftp://x/"]\n')

    assert [fault.split(":")[1] for fault in faults] == ["2", "3", "5"]


@pytest.mark.parametrize("value", ["2024-13-01", "yesterday", "30/01/2024", ""])
def test_a_bad_date_is_a_fault(value: str) -> None:
    assert "since" in faults_of(f'[story]\nname = "a"\nsince = "{value}"\n'.encode())[0]


def test_a_date_that_toml_itself_refuses_names_the_line() -> None:
    assert faults_of(b'[story]\nname = "a"\nsince = 2024-02-31\n')[0].startswith(
        "story.toml:3: file: is not valid"
    )


def test_until_before_since_is_a_fault() -> None:
    source = b'[story]\nname = "a"\nsince = 2024-02-02\nuntil = 2024-01-01\n'

    assert faults_of(source) == ["story.toml:4: story.until: lies before since; swap the two"]


def test_a_story_without_a_name_is_told_how_to_name_it() -> None:
    assert 'name = "harbour-strike"' in faults_of(b"[story]\ntitle = 'x'\n")[0]


@pytest.mark.parametrize("value", ["true", '"1"', "-1", "1e9", "nan"])
def test_a_delay_out_of_range_or_of_another_kind_is_a_fault(value: str) -> None:
    source = f'[story]\nname = "a"\n[fetch]\ndelay_seconds = {value}\n'.encode()

    assert "from 0 to 3600" in faults_of(source)[0]


def test_a_file_that_is_not_utf8_says_so() -> None:
    assert "not UTF-8" in faults_of(b'[story]\nname = "\xff"\n')[0]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_story(b"\xef\xbb\xbf" + WHOLE, "story.toml").name == "harbour-strike"


def test_bounds_of_polling_are_read_and_kept_in_the_definition() -> None:
    story = parse_story(b'[story]\nname = "a"\n[polling]\nmin_hours = 0.5\nmax_hours = 6\n', "a.toml")

    assert story.polling == PollRules(0.5, 6.0)
    assert Story.from_definition(story.definition()) == story


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("max_hours = -1", "must be a number of hours"),
        ('min_hours = "1h"', "must be a number of hours"),
        ("min_hours = 48", "more than max_hours"),
    ],
)
def test_bounds_of_polling_that_make_no_sense_are_refused(lines: str, said: str) -> None:
    with pytest.raises(StoryError, match=said):
        parse_story(f'[story]\nname = "a"\n[polling]\n{lines}\n'.encode(), "a.toml")


def test_a_look_back_is_read_and_kept_in_the_definition() -> None:
    story = parse_story(b'[story]\nname = "a"\n[copies]\nlook_back_days = 30\n', "a.toml")

    assert story.copies == CopyRules(30)
    assert Story.from_definition(story.definition()) == story


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "true", '"30"', "99999"])
def test_a_look_back_that_makes_no_sense_is_refused(days: str) -> None:
    with pytest.raises(StoryError, match="must be a whole number of days"):
        parse_story(f'[story]\nname = "a"\n[copies]\nlook_back_days = {days}\n'.encode(), "a.toml")
