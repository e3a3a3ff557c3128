"""The model that judges the blocks of a page: its columns, its trees, and what cut blocks are called."""

from __future__ import annotations

import numpy as np
from lxml.html import fromstring

from pipelines.block_features import PageStatements, column_names, measure_blocks
from pipelines.block_judge import SMALL_PAGE_BLOCKS, judge_page, opinion_of
from pipelines.block_model import BlockModel, BlockModels, load_models, predict
from pipelines.block_readings import reading_of, with_reading
from pipelines.block_surroundings import Columns, layout_of
from pipelines.blocks import PageBlocks, read_blocks
from pipelines.cut_names import MODEL, join_page_blocks, name_cuts
from pipelines.records import RemovedBlock

PROSE = "The dockers of Harbourtown walked out at dawn on Monday, since the new rota leaves no time to sleep."
NOTHING_KNOWN = PageStatements((), (), None, None)
MENU = "<nav><ul><li><a href='/a'>World</a></li><li><a href='/b'>Tides</a></li></ul></nav>"


def page_of(body: str) -> PageBlocks:
    return read_blocks(fromstring(f"<html><body>{body}</body></html>"))


def measures_of(page: PageBlocks) -> Columns:
    return measure_blocks(page, layout_of(page), NOTHING_KNOWN)


def column(page: PageBlocks, name: str, lines: tuple[str, ...] = ()) -> list[float]:
    columns = with_reading(measures_of(page), layout_of(page), reading_of(page, lines))
    values: list[float] = columns[name].tolist()
    return values


def test_every_block_has_a_value_in_every_column() -> None:
    page = page_of(f"<h1>Walkout</h1><p>{PROSE}</p><ul><li><a href='/x'>Tides</a></li></ul>")
    columns = with_reading(measures_of(page), layout_of(page), reading_of(page, (PROSE,)))
    assert tuple(columns) == column_names()
    assert all(values.shape == (3,) and np.isfinite(values).all() for values in columns.values())
    assert {values.dtype for values in columns.values()} == {
        np.dtype(np.float32)
    }  # others are slow to compare


def test_page_of_one_word_is_measured() -> None:
    assert measures_of(page_of("x"))["words"].tolist() == [1]


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
    assert column(page, "read", (PROSE,)) == [1, 0]


def test_long_block_inside_a_line_of_the_reading_is_read_and_not_a_line() -> None:
    page = page_of(f"<p>{PROSE}</p>")
    lines = (f"{PROSE} They come back on Friday.",)
    assert (column(page, "read", lines), column(page, "read_sureness", lines)) == ([1], [0])


def test_core_is_the_innermost_container_with_most_of_the_reading() -> None:
    page = page_of(f"<div>Tides</div><main><p>{PROSE}</p><p>{PROSE} Again.</p></main>")
    assert column(page, "in_core", (PROSE, f"{PROSE} Again.")) == [0, 1, 1]


def test_container_holds_what_is_in_the_containers_inside_of_it() -> None:
    page = page_of("<main><p>Tides</p><div><p>Walkout</p><p>Strike</p></div></main><p>Menu</p>")
    layout = layout_of(page)
    inside = layout.inside(np.ones(4, np.float32))[layout.outer[layout.container]]
    assert inside.tolist() == [3, 2, 2, 4]


def test_leaf_is_chosen_by_the_answers_to_a_tree_s_questions() -> None:
    model = BlockModel(
        names=("words", "chars"),
        start=0.0,
        columns=np.array([1, 0], np.intp),
        limits=np.array([2.0, 0.5], np.float32),
        asked=np.array([[1], [0]], np.intp),
        leaves=np.array([[-9.0, 1.0, 2.0, 9.0]]),
    )
    rows = {"words": np.array([0, 1, 0, 1], np.float32), "chars": np.array([0, 0, 3, 3], np.float32)}
    log_odds = np.array([-9.0, 1.0, 2.0, 9.0])
    assert np.allclose(predict(model, rows), 1 / (1 + np.exp(-log_odds)), atol=1e-6)


def test_long_page_is_judged_as_its_rows_are() -> None:
    model, generator = load_models().second, np.random.default_rng(0)
    rows = {name: 20 * generator.random(2_500).astype(np.float32) for name in column_names()}
    part = {name: values[2_000:2_010] for name, values in rows.items()}
    assert np.allclose(predict(model, rows)[2_000:2_010], predict(model, part), atol=1e-6)


def test_running_text_is_likelier_than_a_menu() -> None:
    page = page_of(f"{MENU}<main><h1>Walkout</h1><p>{PROSE}</p><p>{PROSE.replace('dawn', 'dusk')}</p></main>")
    judged = judge_page(page, NOTHING_KNOWN, load_models(), tuple)
    assert judged.likelihoods[0] < 0.1
    assert judged.is_likely.tolist()[3:] == [True, True]


def model_that_says(log_odds: float) -> BlockModel:
    return model_that_asks_for_words(0.0, log_odds, log_odds)


def model_that_asks_for_words(more_than: float, no: float, yes: float) -> BlockModel:
    first, limits = np.zeros(1, np.intp), np.array([more_than], np.float32)
    return BlockModel(("words",), 0.0, first, limits, first[:, None], np.array([[no, yes]]))


def test_trafilatura_reads_only_a_page_of_which_the_models_are_not_sure() -> None:
    page, asked = page_of(f"{MENU * SMALL_PAGE_BLOCKS}<p>{PROSE}</p>"), list[str]()
    yes, maybe, no = map(model_that_says, (9.0, 0.1, -9.0))

    def read() -> tuple[str, ...]:
        asked.append("read")
        return (PROSE,)

    judge_page(page, NOTHING_KNOWN, BlockModels(yes, yes, no), read)
    assert asked == []
    judged = judge_page(page, NOTHING_KNOWN, BlockModels(yes, maybe, no), read)
    assert asked == ["read"]
    # of a page unlike all that the models know, that reading stands
    assert np.flatnonzero(judged.is_likely).tolist() == [len(page.blocks) - 1]


def test_trafilatura_reads_every_small_page() -> None:
    page, asked = page_of(f"{MENU}<p>{PROSE}</p>"), list[str]()
    yes = model_that_says(9.0)

    def read() -> tuple[str, ...]:
        asked.append("read")
        return ()

    judge_page(page, NOTHING_KNOWN, BlockModels(yes, yes, yes), read)
    assert asked == ["read"]


def test_list_is_kept_or_cut_whole() -> None:
    items = [f"<li>{PROSE}</li>", "<li>Two more hands on the night shift.</li>", "<li>Sleep</li>"]
    page = page_of(f"<p>{PROSE}</p><ul>{''.join(items)}</ul>")
    long = model_that_asks_for_words(3.0, no=-1.0, yes=2.0)
    judged = judge_page(page, NOTHING_KNOWN, BlockModels(long, long, long), tuple)
    assert judged.is_likely.tolist() == [True, True, True, True]


def test_first_opinion_is_taken_for_a_reading() -> None:
    opinion = opinion_of(model_that_says(9.0), measures_of(page_of(f"<p>{PROSE}</p>")))
    assert opinion.is_read.tolist() == [1] and opinion.sureness[0] > 0.9


def test_cut_blocks_are_named_after_place_or_words() -> None:
    page = page_of(
        f"<nav><p>World</p></nav><p>Advertisement</p><p>{PROSE}</p><p>Published 3 May 2024</p>"
        "<p>Sign up for our newsletter.</p><footer><p>Imprint</p></footer><p>Zebra</p>"
    )
    kept = np.array([block.text == PROSE for block in page.blocks])
    names = name_cuts(page, measures_of(page), kept)
    names.pop(2)
    assert names == ["navigation", "ui", "date_line", "plea", "footer", MODEL]


def test_form_around_the_whole_page_names_nothing() -> None:
    page = page_of(f"<form><p>{PROSE}</p><p>Sign up for our newsletter.</p></form>")
    kept = np.array([block.text == PROSE for block in page.blocks])
    assert name_cuts(page, measures_of(page), kept)[1] == "plea"


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
