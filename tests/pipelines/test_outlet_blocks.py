"""Blocks that an outlet repeats on different stories, and all that only looks like one."""

from __future__ import annotations

import random

import pytest

from pipelines.outlet_blocks import RULE, OutletPage, cut_repeats, find_repeats
from pipelines.records import Article, Paragraph, ParagraphKind, RemovedBlock

PLEA = "The Harbour Post keeps no shareholders: readers pay for what our newsroom finds out."
BIO = "Ana Berg writes about ports and unions. Before that she taught chemistry."
NOTE = "Sign up for the morning letter"
NOUNS = [
    "crane",
    "ferry",
    "harvest",
    "council",
    "museum",
    "bridge",
    "orchard",
    "tunnel",
    "library",
    "furnace",
]
VERBS = ["reopened", "collapsed", "expanded", "halted", "borrowed", "repaired", "auctioned", "inspected"]
PLACES = ["Tolling", "Eastmere", "Brackwater", "Norholm", "Ashby", "Calder", "Fenwick", "Oldport", "Wyndale"]


def story(seed: int, sentences: int = 12) -> tuple[Paragraph, ...]:
    """Paragraphs about something of their own."""
    chosen = random.Random(seed)
    topic = [f"{noun}{seed}x" for noun in chosen.sample(NOUNS, 4)]
    return tuple(
        text(
            f"{chosen.choice(PLACES)} saw its {chosen.choice(topic)} {chosen.choice(VERBS)} after the "
            f"{chosen.choice(topic)} was {chosen.choice(VERBS)} by {chosen.choice(PLACES)} in week {number}."
        )
        for number in range(sentences)
    )


def text(words: str, kind: ParagraphKind = ParagraphKind.TEXT) -> Paragraph:
    return Paragraph(kind, words)


def page(article_id: str, *paragraphs: Paragraph, outlet: str = "post.example") -> OutletPage:
    return OutletPage(article_id, outlet, paragraphs)


def article(*paragraphs: Paragraph, removed: tuple[RemovedBlock, ...] = ()) -> Article:
    nothing = dict.fromkeys(Article.__slots__)
    known = {"paragraphs": paragraphs, "removed": removed, "outlet": "post.example"}
    return Article(**{**nothing, **known})  # type: ignore[arg-type]


def repeated(*pages: OutletPage, outlet: str = "post.example") -> frozenset[str]:
    return find_repeats(pages).get(outlet, frozenset())


def three_stories(block: Paragraph) -> list[OutletPage]:
    return [page(f"a{seed}", *story(seed), block) for seed in range(3)]


@pytest.mark.parametrize("words", [PLEA, BIO, NOTE, "Publicité", "订阅我们的早报，了解港口的每一天"])
def test_a_block_on_three_stories_of_an_outlet_is_repeated(words: str) -> None:
    assert repeated(*three_stories(text(words))) == {words}


def test_two_stories_are_not_enough() -> None:
    assert repeated(*three_stories(text(PLEA))[:2]) == frozenset()


def test_three_versions_of_one_story_are_one() -> None:
    body = story(1)
    versions = [page(f"a{n}", *body[: 10 + n], text(PLEA)) for n in range(3)]

    assert repeated(*versions) == frozenset()


def test_a_block_of_another_outlet_came_by_wire() -> None:
    elsewhere = page("b1", *story(9), text(PLEA), outlet="bell.example")

    assert repeated(*three_stories(text(PLEA)), elsewhere) == frozenset()


def test_a_wire_story_that_three_outlets_ran_is_never_cut() -> None:
    wire = story(5)
    pages = [page(f"w{n}", *wire, outlet=f"outlet{n}.example") for n in range(4)]

    assert find_repeats([*pages, *three_stories(text(PLEA))]) == {"post.example": {PLEA}}


@pytest.mark.parametrize(
    "words",
    [
        '"We will stay out until the tide turns," said the dockers\' speaker.',
        "“We will stay out until the tide turns,” she said.",
        "Der Sprecher sagte: „Wir bleiben draußen, bis die Flut kommt.“",
    ],
)
def test_a_quotation_is_no_block(words: str) -> None:
    assert repeated(*three_stories(text(words))) == frozenset()


def test_a_lead_and_a_quote_are_no_blocks() -> None:
    for kind in (ParagraphKind.LEAD, ParagraphKind.QUOTE, ParagraphKind.POST):
        assert repeated(*three_stories(text(PLEA, kind))) == frozenset()


def test_background_that_speaks_of_what_the_articles_speak_of_stays() -> None:
    background = text("The dockers' strike at Harbourtown began when the authority halved night wages.")
    about = "Harbourtown dockers kept up their strike; the port authority offered night wages again in round"
    pages = [page(f"a{seed}", *story(seed), text(f"{about} {seed}."), background) for seed in range(5)]

    assert repeated(*pages) == frozenset()


def test_a_long_block_is_a_column_that_ran_again() -> None:
    assert repeated(*three_stories(text(PLEA * 8))) == frozenset()


def test_the_order_of_the_pages_makes_no_difference() -> None:
    pages = [page(f"a{seed}", text(NOTE), *story(seed), text(PLEA), text(BIO)) for seed in range(9)]
    shuffled = random.Random(4).sample(pages, len(pages))

    assert find_repeats(pages) == find_repeats(shuffled) == {"post.example": {NOTE, PLEA, BIO}}


def test_blocks_at_the_edges_go_and_are_kept_with_their_rule() -> None:
    body = story(1)
    cut = cut_repeats(article(text(NOTE), *body, text(PLEA), text(BIO)), frozenset({NOTE, PLEA, BIO}))

    assert cut.paragraphs == body
    assert cut.removed == (
        RemovedBlock(0, NOTE, RULE),
        RemovedBlock(len(body), PLEA, RULE),
        RemovedBlock(len(body), BIO, RULE),
    )


def test_inside_the_article_a_note_goes_and_a_sentence_a_heading_and_a_speaker_stay() -> None:
    body = story(1)
    speaker, heading = text("Ana Berg"), text("What comes next", ParagraphKind.HEADING)
    inside = (*body[:2], text(NOTE), heading, text(PLEA), speaker, *body[2:5], speaker, *body[5:])
    cut = cut_repeats(article(*inside), frozenset({NOTE, PLEA, speaker.text, heading.text}))

    assert [one.text for one in cut.removed] == [NOTE]


def test_blocks_that_were_cut_before_keep_their_places() -> None:
    body = story(1)
    before = (RemovedBlock(0, "menu", "ui"), RemovedBlock(2, "share", "ui"), RemovedBlock(13, "legal", "ui"))
    cut = cut_repeats(article(text(NOTE), *body, removed=before), frozenset({NOTE}))

    assert [(block.position, block.text) for block in cut.removed] == [
        (0, "menu"),
        (0, NOTE),
        (1, "share"),
        (12, "legal"),
    ]


def test_an_article_that_would_lose_most_of_itself_stays_whole() -> None:
    short = article(text("The ferry runs again."), text(PLEA), text(BIO))

    assert cut_repeats(short, frozenset({PLEA, BIO})) is short
