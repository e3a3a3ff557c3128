"""WARC files of an invented press: sentences put together by chance from a small vocabulary, no page real.

The pages of a file depend on the seed, the file's number and the sizes alone. Some outlets run an agency's
text, whole or in part; most pages are about other things; a few are no articles, or weren't there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

STORY = """
[story]
name = "quay-strike"
title = "The strike on the quays of Harbourtown"
since = 2024-01-28
until = 2024-02-15

[match]
all = ["Harbourtown", "strike|walkout"]
"""
FIRST_DAY = datetime(2024, 1, 29, 6, tzinfo=UTC)
OUTLETS = tuple(
    f"{place}-{kind}.example"
    for place in ("harbour", "vallmere", "eastmarsh", "orrin", "quayside", "northcape")
    for kind in ("post", "tribune", "herald", "echo", "courier")
)
WIRES = 12  # texts of the agency


def words(text: str) -> list[str]:
    return text.split()


NOUNS = words(
    """
    crane pier barge crate ferry whistle ledger lantern harbour charter winch cable warehouse tide
    pilot captain treasurer council kettle market fence tunnel orchard bakery choir garden clock
    kitchen river meadow wagon railway platform mill tavern carpenter violin teacher blanket
    notebook chimney staircase valley bridge stove
    """
)
VERBS = words(
    """
    announced rejected questioned welcomed explained signed withdrew described printed measured
    repaired counted recalled moved painted borrowed carried opened watched covered followed crossed
    cleaned searched sketched
    """
)
ADJECTIVES = words(
    """
    old narrow eastern quiet heavy crooked yellow northern patient broken distant hollow wooden
    silver early damp careful empty hidden lower painted rusty second steep familiar windy
    """
)
LINKS = words(
    """
    after before beside behind under without near against across above beyond inside
    """
)
ADVERBS = words(
    """
    slowly again twice quietly together yesterday openly briefly calmly often gladly nearly
    """
)
OTHER = ("the orchard fair", "a chess evening", "the new tram line", "a choir from the hills", "beekeeping")
PAGE = """<!doctype html><html lang="en"><head><title>{title} - {outlet}</title>
<meta property="og:site_name" content="{outlet}">
<meta property="article:published_time" content="{published}">
<link rel="canonical" href="{url}"></head><body><nav><a href="/">Home</a> <a href="/town">Town</a>
<a href="/sea">Sea</a> <a href="/weather">Weather</a></nav><article><h1>{title}</h1>
<p class="byline">By {author}</p>{body}</article><aside><h2>Most read</h2><ul>{teasers}</ul></aside>
<footer>All rights of {outlet} reserved. Contact, imprint, privacy.</footer></body></html>"""


@dataclass(frozen=True, slots=True)
class PressFile:
    """What a file is to hold; `about` pages in a hundred are about the story."""

    number: int
    pages: int
    about: int = 10
    seed: int = 7


def write_files(folder: Path, files: int, pages: int, about: int = 10) -> list[Path]:
    """So many files of so many pages each, named as Common Crawl names its news files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, files + 1):
        path = folder / f"CC-NEWS-202402{number:02d}-{number:05d}.warc.gz"
        path.write_bytes(b"".join(members_of(PressFile(number, pages, about))))
        paths.append(path)
    return paths


def members_of(file: PressFile) -> Iterator[bytes]:
    """The records of a file, each a gzip member."""
    chance = random.Random(f"{file.seed}/{file.number}")
    for place in range(file.pages):
        taken_at = FIRST_DAY + timedelta(hours=5 * (place % 48), minutes=31 * file.number)
        kind = chance.random() * 100
        url = f"http://{chance.choice(OUTLETS)}/2024/{file.number}-{place}"
        if kind < 3:
            yield response(url, b"<html><body><p>gone</p></body></html>", taken_at, status="404 Not Found")
        elif kind < 6:
            yield response(url, b"<html><body><p>Back soon.</p></body></html>", taken_at)
        elif kind < 6 + file.about:
            yield response(url, story_page(url, chance, taken_at, file.seed).encode(), taken_at)
        else:
            topic = chance.choice(OTHER)
            body = paragraphs(chance, 6 + chance.randrange(6), f"The day belonged to {topic}.")
            yield response(
                url, render(url, f"A word about {topic}", body, taken_at, chance).encode(), taken_at
            )


def story_page(url: str, chance: random.Random, taken_at: datetime, seed: int) -> str:
    """An article of the outlet's own, an agency's text, or some of one with more of its own."""
    lead = "The strike in Harbourtown went on."
    own = paragraphs(chance, 5 + chance.randrange(4), lead)
    wire_number = chance.randrange(WIRES)
    wire = paragraphs(random.Random(f"{seed}/wire/{wire_number}"), 7, lead)
    kind = chance.random()
    if kind < 0.35:
        body = own
    elif kind < 0.7:
        body = wire[: len(wire) - chance.randrange(2)]
    else:
        first = chance.randrange(3)
        body = [own[0], *wire[first : first + 3], *own[1:]]
    title = f"Harbourtown strike: the {chance.choice(ADJECTIVES)} {chance.choice(NOUNS)} of the quays"
    if kind >= 0.35:
        body = [*body, "Reporting by Northwire."]
    return render(url, title, body, taken_at, chance)


def paragraphs(chance: random.Random, count: int, lead: str) -> list[str]:
    texts = [" ".join(_sentence(chance) for _ in range(3 + chance.randrange(2))) for _ in range(count)]
    return [f"{lead} {texts[0]}", *texts[1:]]


def _sentence(chance: random.Random) -> str:
    def thing() -> str:
        return f"the {chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}"

    first = f"{thing()} {chance.choice(VERBS)} {thing()} {chance.choice(LINKS)} {thing()}".capitalize()
    count = chance.randrange(2, 900)
    return f"{first}, and {thing()} {chance.choice(VERBS)} {count} of them {chance.choice(ADVERBS)}."


def render(url: str, title: str, body: list[str], taken_at: datetime, chance: random.Random) -> str:
    teasers = "".join(
        f'<li><a href="/{number}">The {chance.choice(NOUNS)} that {chance.choice(VERBS)} a town</a></li>'
        for number in range(8)
    )
    return PAGE.format(
        title=title,
        outlet=url.split("/")[2],
        published=(taken_at - timedelta(minutes=chance.randrange(5, 300))).isoformat(),
        url=url,
        author=chance.choice(("Ana Tarrow", "Bo Quill", "Cem Harrow", "Dee Marsh")),
        body="".join(f"<p>{text}</p>" for text in body),
        teasers=teasers,
    )


def response(url: str, body: bytes, taken_at: datetime, status: str = "200 OK") -> bytes:
    """One response record as a gzip member."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    http = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": taken_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    writer.write_record(record)
    return out.getvalue()
