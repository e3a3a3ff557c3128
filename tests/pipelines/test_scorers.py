"""What the benchmarks measure with: F1, wrong paragraphs, junk gone, parts of the time, other tools."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipelines import extraction
from pipelines.block_model import load_models
from pipelines.language import detect_language
from tests.benchmarks.cleaning_tools import FoldReader, read_ours
from tests.benchmarks.junk_scores import add_up, count_junk
from tests.benchmarks.language_texts import LabelledText, draw_windows
from tests.benchmarks.page_errors import Place, find_errors
from tests.benchmarks.page_scores import PageScore, fold_of, margin_of, score_page, score_set, tokens
from tests.benchmarks.peers import Peers
from tests.benchmarks.step_parts import sampled

FIRST = "The dockers of Harbourtown walked out at dawn on Monday."
SECOND = "The port authority said that its door is never locked."
THIRD = "Nobody came on Monday, though a cat was seen there."
GOLD = "\n".join((FIRST, SECOND, THIRD))


def test_gold_text_itself_scores_one() -> None:
    assert score_page(GOLD, GOLD) == PageScore(1.0, 1.0, True)


def test_no_text_has_no_precision_and_no_recall() -> None:
    assert score_page("", GOLD) == PageScore(None, 0.0, False)


def test_words_in_another_order_share_no_shingle() -> None:
    backwards = " ".join(reversed(tokens(GOLD)))
    assert score_page(backwards, GOLD).recall == 0.0


def test_chinese_counts_by_character() -> None:
    assert tokens("雾港停工 in 2024") == ["雾", "港", "停", "工", "in", "2024"]


def test_optional_paragraphs_count_neither_for_nor_against() -> None:
    optional = "A caption that nobody needs to keep."
    assert score_page(f"{optional}\n{GOLD}", GOLD, [optional]).precision == pytest.approx(1.0, abs=0.1)
    assert score_page(GOLD, GOLD, [optional]).recall == 1.0


def test_set_score_is_the_harmonic_mean_of_mean_precision_and_mean_recall() -> None:
    score = score_set([PageScore(1.0, 0.5, False), PageScore(None, 0.0, False), PageScore(0.5, 1.0, True)])
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert (score.f1, score.identical) == (pytest.approx(0.6), pytest.approx(1 / 3))


def test_margin_is_nothing_where_all_pages_score_alike_and_the_same_every_time() -> None:
    alike, unlike = [PageScore(1.0, 1.0, True)] * 9, [PageScore(1.0, i / 9, False) for i in range(9)]
    assert margin_of(alike) == 0.0
    assert margin_of(unlike) == margin_of(unlike) > 0.05


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (f"Share this\n{GOLD}", Place.START),
        (f"{FIRST}\nAdvertisement\n{SECOND}\n{THIRD}", Place.MIDDLE),
        (f"{GOLD}\nSign up for the tides by mail", Place.END),
    ],
)
def test_paragraph_that_gold_text_lacks_is_extra_where_it_stands(found: str, place: Place) -> None:
    errors = find_errors(found, GOLD)
    assert ([paragraph.place for paragraph in errors.extra], errors.missing) == ([place], ())


def test_gold_paragraph_that_is_not_found_is_missing() -> None:
    errors = find_errors(f"{FIRST}\n{THIRD}", GOLD)
    assert [paragraph.text for paragraph in errors.missing] == [SECOND]
    assert errors.missing[0].position_share == pytest.approx(1 / 3, abs=0.05)


def test_paragraph_merged_with_its_neighbour_is_not_missing() -> None:
    assert find_errors(f"{FIRST} {SECOND}\n{THIRD}", GOLD).missing == ()


def test_optional_paragraph_is_never_extra() -> None:
    optional = "A caption that nobody needs to keep."
    assert find_errors(f"{GOLD}\n{optional}", GOLD, [optional]).extra == ()


def test_junk_that_the_other_tool_keeps_is_gone_where_ours_lacks_it() -> None:
    other = f"Share this story with everyone\n{GOLD}\nSign up for the tides by mail"
    ours = f"{GOLD}\nSign up for the tides by mail"
    count = count_junk(ours, other, GOLD)
    assert (count.blocks, count.blocks_gone, count.gone_share, count.more_lost_share) == (2, 1, 0.5, 0.0)


def test_gold_text_lost_beyond_the_other_tool_is_counted_over_all_pages() -> None:
    whole, part = count_junk(GOLD, GOLD, GOLD), count_junk(f"{FIRST}\n{SECOND}", GOLD, GOLD)
    assert whole.more_lost_share == 0.0
    assert add_up([whole, part]).more_lost_share == pytest.approx(part.more_lost_share / 2)


def test_time_counts_for_the_innermost_module_at_work() -> None:
    counts: Counter[str] = Counter()
    with sampled(counts):
        while counts.total() < 5:
            detect_language(GOLD * 3)
    assert {"language", "language_model"} & set(counts)


@pytest.mark.skipif(find_spec("py3langid") is not None, reason="this environment has the peers")
def test_environment_without_a_peer_is_told_what_it_lacks() -> None:
    with Peers(Path(sys.executable)) as peers, pytest.raises(SystemExit, match=r"peers-requirements\.txt"):
        peers.detect_languages("py3langid", [GOLD])


def test_windows_of_the_language_benchmark_are_the_same_every_time() -> None:
    texts = {"en": [LabelledText("en", GOLD, "en-GB")], "de": [LabelledText("de", "zu kurz", None)]}
    first, second = (list(draw_windows(texts, 40, 5)) for _ in range(2))
    assert first == second
    assert [(len(window.text), window.declared) for window in first] == [(40, "en-GB")] * 5


def test_pages_of_one_site_are_in_one_fold() -> None:
    urls = ("https://www.post.example/1", "http://post.example/2", "https://sport.post.example/3")
    assert len({fold_of({"url": url, "id": url}, 97) for url in urls}) == 1


def test_page_is_read_with_the_model_of_its_fold_and_the_packaged_one_comes_back(tmp_path: Path) -> None:
    packaged = (files("pipelines") / "data" / "block_model.json").read_text(encoding="utf-8")
    for fold in range(2):
        (tmp_path / f"{fold}.json").write_text(packaged, encoding="utf-8")
    lines = [f"{line} That was day {day} of it." for day in range(4) for line in (FIRST, SECOND, THIRD)]
    html = f"<html><body><main>{''.join(f'<p>{line}</p>' for line in lines)}</main></body></html>"
    row = {"id": "page", "set": "fundus-parser-tests", "url": "", "html": html}
    assert FoldReader(tmp_path)(row).text == read_ours(row).text != ""
    assert extraction.load_models is load_models
