"""The model that judges the blocks of a page: its columns, its trees, and what cut blocks are called."""

from __future__ import annotations

import numpy as np
from lxml.html import fromstring

from pipelines.block_features import PageStatements, column_names, measure_blocks
from pipelines.block_model import BlockModel, load_model, predict
from pipelines.blocks import PageBlocks, read_blocks
from pipelines.cut_names import MODEL, join_page_blocks, name_cuts
from pipelines.records import RemovedBlock

PROSE = "The dockers of Harbourtown walked out at dawn on Monday, since the new rota leaves no time to sleep."
NOTHING_KNOWN = PageStatements((), (), None, None, ())


def page_of(body: str) -> PageBlocks:
    return read_blocks(fromstring(f"<html><body>{body}</body></html>"))


def column(page: PageBlocks, name: str, view: PageStatements = NOTHING_KNOWN) -> list[float]:
    values: list[float] = measure_blocks(page, view)[:, column_names().index(name)].tolist()
    return values


def test_every_block_has_a_value_in_every_column() -> None:
    page = page_of(f"<h1>Walkout</h1><p>{PROSE}</p><ul><li><a href='/x'>Tides</a></li></ul>")
    measures = measure_blocks(page, NOTHING_KNOWN)
    assert measures.shape == (3, len(column_names()))
    assert np.isfinite(measures).all()


def test_page_of_one_word_is_measured() -> None:
    assert measure_blocks(page_of("x"), NOTHING_KNOWN).shape == (1, len(column_names()))


def test_class_words_of_an_outer_container_are_near_and_not_own() -> None:
    page = page_of('<div class="newsletter"><div><p>Sign up</p></div></div>')
    assert (column(page, "own_zone"), column(page, "near_zone")) == ([0.0], [1.0])


def test_block_inside_a_hidden_container_is_hidden() -> None:
    page = page_of('<div style="display:none"><p>Sign up</p></div><p>Walkout</p>')
    assert column(page, "is_hidden") == [1, 0]


def test_second_copy_of_a_line_is_seen() -> None:
    assert column(page_of("<p>Tides</p><p>Walkout</p><p>Tides</p>"), "seen") == [0, 0, 1]


def test_line_of_the_reading_is_read() -> None:
    page = page_of(f"<p>{PROSE}</p><p>Tides</p>")
    assert column(page, "read", PageStatements((), (), None, None, (PROSE,))) == [1, 0]


def test_leaf_is_chosen_by_the_answers_to_a_tree_s_questions() -> None:
    model = BlockModel(
        start=0.0,
        columns=np.array([[0, 1]], np.intp),
        limits=np.array([[0.5, 2.0]], np.float32),
        leaves=np.array([[-9.0, 1.0, 2.0, 9.0]], np.float32),
    )
    rows = np.array([[0, 0], [1, 0], [0, 3], [1, 3]], np.float32)
    log_odds = np.array([-9.0, 1.0, 2.0, 9.0])
    assert np.allclose(predict(model, rows), 1 / (1 + np.exp(-log_odds)), atol=1e-6)


def test_long_page_is_judged_as_its_rows_are() -> None:
    rows = np.random.default_rng(0).random((2_500, len(column_names()))).astype(np.float32) * 20
    whole = predict(load_model(), rows)
    assert np.allclose(whole[2_000:2_010], predict(load_model(), rows[2_000:2_010]), atol=1e-6)


def test_running_text_is_likelier_than_a_menu() -> None:
    menu = "<nav><ul><li><a href='/a'>World</a></li><li><a href='/b'>Tides</a></li></ul></nav>"
    page = page_of(f"{menu}<main><h1>Walkout</h1><p>{PROSE}</p><p>{PROSE.replace('dawn', 'dusk')}</p></main>")
    world, _, _, first, second = predict(load_model(), measure_blocks(page, NOTHING_KNOWN)).tolist()
    assert world < 0.1 and first > 0.5 and second > 0.5


def test_cut_blocks_are_named_after_place_or_words() -> None:
    page = page_of(
        f"<nav><p>World</p></nav><p>Advertisement</p><p>{PROSE}</p><p>Published 3 May 2024</p>"
        "<p>Sign up for our newsletter.</p><footer><p>Imprint</p></footer><p>Zebra</p>"
    )
    kept = np.array([block.text == PROSE for block in page.blocks])
    names = name_cuts(page, measure_blocks(page, NOTHING_KNOWN), kept)
    names.pop(2)
    assert names == ["navigation", "ui", "date_line", "plea", "footer", MODEL]


def test_menu_is_one_removed_block_and_pleas_stay_apart() -> None:
    cuts = [RemovedBlock(0, text, "navigation") for text in ("World", "Tides")]
    pleas = [RemovedBlock(3, text, "plea") for text in ("Sign up.", "Donate.")]
    joined = join_page_blocks([*cuts, *pleas])
    assert joined == (RemovedBlock(0, "World\nTides", "navigation"), *pleas)


def test_words_for_screen_readers_alone_are_not_part_of_a_line() -> None:
    page = page_of('<p>The <a href="/x">port<span class="sr-only">, opens new tab</span></a> is shut.</p>')
    assert [block.text for block in page.blocks] == ["The port is shut."]
    assert page.hidden == (", opens new tab",)


def test_cells_of_a_row_know_their_row() -> None:
    page = page_of("<table><tr><td>Wheat</td><td>12</td></tr><tr><td>Rye</td></tr></table><p>Walkout</p>")
    wheat, twelve, rye, walkout = (block.row for block in page.blocks)
    assert wheat == twelve != rye and rye is not None and walkout is None
