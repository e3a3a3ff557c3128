"""The demo's SQL held against the truth that lies beside the press."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from flows.demo.labels import DemoLabels, load_labels
from pipelines.folding import fold_words
from pipelines.urls import canonicalize_url
from tests.flows.conftest import Demo
from warehouse.master import open_published


def rows(demo: Demo, query: str) -> list[tuple[Any, ...]]:
    with open_published(demo.warehouse) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def labels(demo: Demo) -> DemoLabels:
    return load_labels(demo.port, 1)


@pytest.fixture(scope="module")
def latest(demo: Demo) -> DemoLabels:
    """After the demo's second day."""
    return load_labels(demo.port, 2)


@pytest.fixture(scope="module")
def urls(demo: Demo) -> dict[str, str]:
    """Any labelled URL to the one its article is filed under; an AMP page may stand for its article."""
    filed = dict(rows(demo, "select url, url from articles"))
    aliases = rows(
        demo,
        """
        select url_fates.url, articles.url
        from url_fates inner join articles using (article_id)
        """,
    )
    return {**dict(aliases), **filed}


def test_every_url_has_the_fate_that_is_true_of_it(demo: Demo, labels: DemoLabels) -> None:
    fates = {
        url: (fate, reason)
        for url, fate, reason in rows(
            demo, "select url, fate, reason from url_fates where run_id = 'run-000001'"
        )
    }

    wrong = {
        page.url: fates.get(canonicalize_url(page.url))
        for page in labels.pages
        if canonicalize_url(page.url) not in fates or not page.allows(*fates[canonicalize_url(page.url)])
    }
    assert wrong == {}
    assert len(fates) == len({canonicalize_url(page.url) for page in labels.pages})


def test_the_story_has_its_pages_and_no_others(demo: Demo, labels: DemoLabels, urls: dict[str, str]) -> None:
    found = {
        url for (url,) in rows(demo, "select url from articles inner join story_articles using (article_id)")
    }

    assert found == {urls[url] for url in labels.articles}


@pytest.mark.parametrize("field", ["title", "subtitle", "language"])
def test_a_storys_articles_have_the_true(
    field: str, demo: Demo, latest: DemoLabels, urls: dict[str, str]
) -> None:
    found = dict(rows(demo, f"select url, {field} from articles"))

    assert {url: found[urls[url]] for url in latest.articles} == {
        url: getattr(article, field) for url, article in latest.articles.items()
    }


def test_every_paragraph_is_there_and_nothing_else(
    demo: Demo, latest: DemoLabels, urls: dict[str, str]
) -> None:
    found = defaultdict(list)
    for url, text in rows(
        demo,
        """
        select url, paragraphs.text
        from paragraphs inner join articles using (article_id)
        order by url, position
        """,
    ):
        found[url].append(text)

    wrong = {}
    for url, article in latest.articles.items():
        tolerated = {*article.tolerated}
        kept = [text for text in found[urls[url]] if text not in tolerated]
        true = [paragraph.text for paragraph in article.paragraphs]
        if kept != true:
            wrong[url] = [text for text in kept if text not in true] + [
                text for text in true if text not in kept
            ]
    assert wrong == {}


def test_dates_are_those_of_the_pages(demo: Demo, latest: DemoLabels, urls: dict[str, str]) -> None:
    found = {
        url: (at, precision)
        for url, at, precision in rows(demo, "select url, published_at, published_precision from articles")
    }

    for url, article in latest.articles.items():
        at, precision = found[urls[url]]
        if article.published is None:
            assert at is None, url
        elif article.published.tzinfo is None:
            assert (at.date(), precision) == (article.published.date(), "day"), url
        else:
            assert at.replace(second=0) == article.published.replace(second=0), url


def test_agencies_are_those_credited(demo: Demo, latest: DemoLabels, urls: dict[str, str]) -> None:
    found = {url: tuple(agencies) for url, agencies in rows(demo, "select url, agencies from articles")}

    assert {url: found[urls[url]] for url in latest.articles} == {
        url: article.agencies for url, article in latest.articles.items()
    }


def test_who_copied_whom_is_what_the_labels_say(demo: Demo, labels: DemoLabels, urls: dict[str, str]) -> None:
    found = {
        frozenset((one, other)): (direction, one)
        for one, other, direction in rows(
            demo,
            """
            select later.url, source.url, copies.direction
            from copies
            inner join articles as later on copies.article_id = later.article_id
            inner join articles as source on copies.source_id = source.article_id
            """,
        )
    }
    true = {
        frozenset((urls[copy.article_url], urls[copy.source_url])): (copy.direction, urls[copy.article_url])
        for copy in labels.copies
    }

    assert found.keys() == true.keys()
    assert {pair: direction for pair, (direction, _) in found.items()} == {
        pair: direction for pair, (direction, _) in true.items()
    }
    proven = [pair for pair, (direction, _) in true.items() if direction == "source_first"]
    assert {pair: found[pair][1] for pair in proven} == {pair: true[pair][1] for pair in proven}


def test_both_ran_the_agency_where_both_credit_it_or_its_own_article_shows_it(
    demo: Demo, labels: DemoLabels, urls: dict[str, str]
) -> None:
    found = {
        frozenset((one, other)): agency
        for one, other, agency in rows(
            demo,
            """
            select later.url, source.url, copies.common_agency
            from copies
            inner join articles as later on copies.article_id = later.article_id
            inner join articles as source on copies.source_id = source.article_id
            """,
        )
    }

    for copy in labels.copies:
        pair = frozenset((urls[copy.article_url], urls[copy.source_url]))
        has_witness = not any("northwire" in url for url in pair)  # a third article, the agency's own
        is_common = copy.is_credited_by_both or has_witness
        assert found[pair] == (copy.common_agency if is_common else None), pair


def test_near_identical_copies_form_the_true_groups(
    demo: Demo, labels: DemoLabels, urls: dict[str, str]
) -> None:
    found = defaultdict(set)
    for group, url in rows(
        demo, "select group_id, url from wire_groups inner join articles using (article_id)"
    ):
        found[group].add(url)

    assert {frozenset(group) for group in found.values()} == {
        frozenset(urls[url] for url in group) for group in labels.groups
    }


def test_the_agencys_own_text_is_the_origin(demo: Demo, labels: DemoLabels, urls: dict[str, str]) -> None:
    origins = {
        url
        for (url,) in rows(
            demo,
            "select url from wire_groups inner join articles using (article_id) where role = 'origin'",
        )
    }

    assert origins == {urls[url] for url, article in labels.articles.items() if article.is_agency} & {
        urls[url] for group in labels.groups for url in group
    }


def test_passages_say_the_same_on_both_sides(demo: Demo) -> None:
    found = rows(
        demo,
        """
        select
            substring(later.text, start_char + 1, end_char - start_char),
            substring(source.text, source_start_char + 1, source_end_char - source_start_char),
            similarity
        from reused_passages
        inner join articles as later using (article_id)
        inner join articles as source on reused_passages.source_id = source.article_id
        """,
    )

    assert found
    for text, source, similarity in found:
        if similarity == 1.0:
            assert list(fold_words(text).hashes) == list(fold_words(source).hashes)


def test_an_edit_between_two_runs_is_a_second_version(
    demo: Demo, labels: DemoLabels, urls: dict[str, str]
) -> None:
    edited = rows(demo, "select url, version from articles where version > 1")

    assert edited == [(urls[labels.edited_url], 2)]


def test_the_junk_of_the_pages_is_shown_as_cut_with_its_rule(demo: Demo) -> None:
    ((blocks, without_rule),) = rows(
        demo, "select count(*), count(*) filter (where rule = '') from removed_blocks"
    )

    assert blocks > 20
    assert without_rule == 0


def test_an_unproven_pair_leaves_paragraphs_undecided_and_own_reporting_original(demo: Demo) -> None:
    own = rows(
        demo,
        """
        select bool_and(is_original)
        from paragraphs
        where article_id not in (select article_id from copies union select source_id from copies)
        """,
    )

    assert own == [(True,)]
