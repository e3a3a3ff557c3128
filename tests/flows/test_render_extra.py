from pathlib import Path

import pytest

from flows.story_file import UnreadableStory, read_story_to_fetch

STORY = """
[story]
name = "cranes"
[match]
any = ["cranes"]
[sources]
seeds = ["http://quay-times.example/1"]
[fetch]
render = ["http://quay-times.example/"]
"""


def test_a_story_that_needs_a_browser_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "story.toml").write_text(STORY)
    monkeypatch.setattr("flows.story_file.is_browser_installed", lambda: False)

    with pytest.raises(UnreadableStory, match=r"fetch\.render needs .* 'wirecopy\[browser\]'"):
        read_story_to_fetch(tmp_path / "story.toml")


def test_with_the_extra_it_is_a_story_like_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "story.toml").write_text(STORY)
    monkeypatch.setattr("flows.story_file.is_browser_installed", lambda: True)

    assert read_story_to_fetch(tmp_path / "story.toml").fetch.render == ("http://quay-times.example/",)
