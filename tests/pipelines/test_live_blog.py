"""Live blogs become dated posts; what only looks like one stays as it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pipelines.records import Article, ParagraphKind
from tests.pipelines.page_captures import read_article
from warehouse.rows import Filing, ParagraphRow, VersionRow, article_rows

MINUTES = (5, 17, 32, 44, 58)
SAID = (
    "The first cranes of the eastern dock stand still, and nobody has come to work at the gates.",
    "The port authority calls the walkout unlawful and asks the dockers to return before noon.",
    "Lorries queue for eleven kilometres on the coast road, says the police of Harbourtown.",
    "The speaker of the dockers says that they will stay out until the tide turns for them.",
    "Talks begin in the old customs house; both sides have brought their lawyers along.",
)
INTRO = (
    "Dockers of Harbourtown have walked out. We follow the day as it goes, from the gates and the town hall."
)
POSTED = [datetime(2024, 5, 7, 8, minute, tzinfo=UTC) for minute in MINUTES]


def posts(name: str = "post", link: str = "") -> str:
    return "".join(
        f'<div class="{name}"><header><time datetime="2024-05-07T10:{minute:02d}:00+02:00">10.{minute:02d}'
        f"</time><h3>Update number {number}</h3></header><p>{link}{said}</p></div>"
        for number, (minute, said) in enumerate(zip(MINUTES, SAID, strict=True))
    )


def page(body: str, head: str = "", intro: str = INTRO) -> str:
    return (
        f"<html><head><title>Dockers walk out</title>{head}</head><body><main><article>"
        f"<h1>Dockers walk out</h1><p>{intro}</p>{body}</article></main></body></html>"
    )


def data(*, with_text: bool) -> str:
    updates = [
        {"@type": "BlogPosting", "datePublished": f"2024-05-07T10:{minute:02d}:00+02:00", "articleBody": said}
        for minute, said in zip(MINUTES, SAID, strict=True)
    ]
    node = {"@type": "LiveBlogPosting", "headline": "Dockers walk out"}
    node |= {"liveBlogUpdate": updates} if with_text else {}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def dated(article: Article) -> list[tuple[str, datetime | None]]:
    return [(one.text, one.posted_at) for one in article.paragraphs if one.kind is ParagraphKind.POST]


def test_neighbours_that_each_carry_a_time_are_dated_posts() -> None:
    article = read_article(page(f'<section class="stream">{posts()}</section>'))

    assert article.is_live_blog
    assert dated(article) == list(zip(SAID, POSTED, strict=True))


def test_a_post_that_the_reading_lost_comes_back_in_its_place() -> None:
    hidden = posts().replace('<div class="post">', '<div class="post"><div class="share-tools">', 3)
    hidden = hidden.replace("</p></div>", "</p></div></div>", 3)
    article = read_article(page(f'<section class="stream">{hidden}</section>', data(with_text=False)))

    assert dated(article) == list(zip(SAID, POSTED, strict=True))
    assert not {block.text for block in article.removed} & set(SAID)


def test_posts_that_stand_only_in_the_data_fill_in_for_a_lost_body() -> None:
    article = read_article(page("", data(with_text=True)))

    assert dated(article) == list(zip(SAID, POSTED, strict=True))


def test_times_in_the_data_date_posts_without_a_time_of_their_own() -> None:
    shown = "".join(f"<p>{said}</p>" for said in SAID)
    article = read_article(page(shown, data(with_text=True), intro=INTRO * 6))

    assert dated(article) == list(zip(SAID, POSTED, strict=True))


def test_a_declared_live_blog_without_times_is_marked() -> None:
    shown = "".join(f"<p>{said}</p>" for said in SAID)

    assert read_article(page(shown, data(with_text=False))).is_live_blog


def test_comments_with_their_times_are_no_posts() -> None:
    story = "".join(f"<p>{said} {INTRO}</p>" for said in SAID[:3])
    article = read_article(page(story + f'<section class="c">{posts("comment")}</section>'))

    assert not article.is_live_blog


def test_teasers_with_their_times_are_no_posts() -> None:
    story = "".join(f"<p>{INTRO} {said}</p>" for said in SAID)
    teasers = posts("teaser", '<a href="/other">').replace("</p>", "</a></p>")
    article = read_article(page(story) + f'<section class="more">{teasers}</section>')

    assert not article.is_live_blog


def test_a_byline_and_a_few_dates_make_no_live_blog() -> None:
    story = "".join(f'<p>{INTRO} {said} <time datetime="2024-05-07">7 May</time></p>' for said in SAID)

    assert not read_article(page(story)).is_live_blog


def test_mark_and_times_are_in_the_rows() -> None:
    article = read_article(page(f'<section class="stream">{posts()}</section>'))
    nothing = dict.fromkeys(Filing.__slots__)
    filing = Filing(**{**nothing, "article_id": "a"})  # type: ignore[arg-type]
    rows = list(article_rows(article, filing, tuple(1 for _ in article.paragraphs)))

    assert [row.is_live_blog for row in rows if isinstance(row, VersionRow)] == [True]
    times = [
        row.posted_at for row in rows if isinstance(row, ParagraphRow) and row.kind is ParagraphKind.POST
    ]
    assert times == POSTED
