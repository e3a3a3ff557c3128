"""From an archived response to an article, or to a rejection with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.page import read_page
from pipelines.records import Article, Hints, Precision, Reason, Rejected, Via
from tests.pipelines.page_captures import (
    GOLDEN,
    capture_page,
    fields_of,
    golden_cases,
    read_article,
    read_golden,
)

DOCUMENTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents"
SENTENCE = (
    "The dockers of Harbourtown walked out at dawn and said that they would stay out until the tide turned. "
)
PAGE = (
    "<html><head><title>Dockers walk out</title>{head}</head><body><main><h1>Dockers walk out</h1><article>"
    "<p>"
    + SENTENCE * 2
    + "</p><p>"
    + SENTENCE.replace("dockers", "crane drivers") * 2
    + "</p></article></main></body></html>"
)
GOLDEN_FIELDS = [
    (case, field)
    for case in golden_cases()
    for field in json.loads((GOLDEN / case / "article.json").read_text(encoding="utf-8"))
    if field != "captured_url"
]


@pytest.fixture(scope="module")
def golden() -> dict[str, dict[str, object]]:
    return {case: json.loads(json.dumps(fields_of(read_golden(case)))) for case in golden_cases()}


@pytest.mark.parametrize(
    ("case", "field"), GOLDEN_FIELDS, ids=[f"{case}-{field}" for case, field in GOLDEN_FIELDS]
)
def test_golden_page_has_the_field_expected(
    golden: dict[str, dict[str, object]], case: str, field: str
) -> None:
    expected = json.loads((GOLDEN / case / "article.json").read_text(encoding="utf-8"))
    assert golden[case].get(field) == expected[field]


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 \n1 0 obj",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"PK\x03\x04rest",
        b"\x1f\x8b\x08\x00rest",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_binary_file_called_html_is_no_text(body: bytes) -> None:
    result = read_page(capture_page(body))
    assert isinstance(result, Rejected) and result.reason is Reason.NOT_TEXT


def test_media_type_that_is_no_page_is_no_text() -> None:
    result = read_page(capture_page('{"a": 1}', media_type="application/json"))
    assert isinstance(result, Rejected) and result.reason is Reason.NOT_TEXT


def test_body_of_control_characters_is_badly_encoded() -> None:
    result = read_page(capture_page(b"<html>" + bytes(range(1, 9)) * 400))
    assert isinstance(result, Rejected) and result.reason is Reason.BAD_ENCODING


@pytest.mark.parametrize(
    "body",
    [
        "<html>" + "<div>" * 1_000_000,
        "<html><body><p " + " ".join(f"a{i}=1" for i in range(40_000)) + ">text</p>",
        "<html><body><p " + " ".join(f"a{i}" for i in range(40_000)) + ">text</p>",
        "<html><body><p class='" + "x " * 2_000_000 + "'>text</p>",
        "<html><body><p>" + SENTENCE * 50_000 + "</p>",
        "x" * (11 * 1024 * 1024),
    ],
    ids=["nested tags", "attributes", "bare attributes", "class words", "text", "bytes"],
)
def test_pathological_markup_is_too_large_at_once(body: str) -> None:
    result = read_page(capture_page(body))
    assert isinstance(result, Rejected) and result.reason is Reason.TOO_LARGE


def test_comparison_in_a_script_is_no_long_tag() -> None:
    script = "<script>for(i=0;i<n.length;i++){" + "a = b + c; " * 3_000 + "}</script>"
    assert isinstance(read_page(capture_page(PAGE.format(head=script))), Article)


def test_two_sentences_are_an_article() -> None:
    article = read_article(
        "<html><body><h1>Dockers walk out</h1><p>" + SENTENCE + SENTENCE + "</p></body></html>"
    )
    assert len(article.paragraphs) == 1


def test_one_short_sentence_is_too_short() -> None:
    result = read_page(
        capture_page("<html><body><h1>Dockers</h1><p>The dockers walked out at dawn today.</p></body></html>")
    )
    assert isinstance(result, Rejected) and result.reason is Reason.TOO_SHORT


def test_brief_that_speaks_of_denied_access_is_an_article() -> None:
    brief = (
        SENTENCE
        + "The crane drivers were denied too: 'Access denied', said a sign on the gate of the eastern dock. "
    )
    read_article(f"<html><body><h1>Dockers walk out</h1><p>{brief}</p></body></html>")


def test_robot_check_is_no_article() -> None:
    text = "<p>Please verify you are human. Checking your browser takes a few seconds on most days.</p>"
    result = read_page(capture_page(f"<html><head><title>Wait</title></head><body>{text * 3}</body></html>"))
    assert isinstance(result, Rejected) and result.reason is Reason.BOT_CHECK


def test_address_that_is_none_is_a_rejection() -> None:
    result = read_page(capture_page(PAGE.format(head=""), url="dns:harbour-post.example"))
    assert isinstance(result, Rejected) and result.reason is Reason.BAD_URL


def test_empty_page_is_no_article() -> None:
    result = read_page(capture_page("  "))
    assert isinstance(result, Rejected) and result.reason is Reason.NOT_ARTICLE


def test_home_page_is_no_article() -> None:
    result = read_page(capture_page(PAGE.format(head=""), url="http://harbour-post.example/"))
    assert isinstance(result, Rejected) and result.reason is Reason.NOT_ARTICLE


def test_same_site_canonical_link_gives_the_address() -> None:
    head = '<link rel="canonical" href="/2024/strike?utm_source=x">'
    assert read_article(PAGE.format(head=head)).url == "http://harbour-post.example/2024/strike"


def test_canonical_link_to_the_home_page_is_ignored() -> None:
    head = '<link rel="canonical" href="http://harbour-post.example/">'
    assert read_article(PAGE.format(head=head)).url == "http://harbour-post.example/news/strike"


def test_canonical_link_to_another_outlet_is_kept_apart_and_credited() -> None:
    head = '<link rel="canonical" href="https://apnews.com/article/dockers-1">'
    article = read_article(PAGE.format(head=head))
    assert article.url == "http://harbour-post.example/news/strike"
    assert article.canonical_url == "https://apnews.com/article/dockers-1"
    assert article.agencies == ("AP",)


def test_file_takes_its_outlet_from_the_canonical_link() -> None:
    head = '<link rel="canonical" href="https://www.tolling-bell.example/strike">'
    article = read_article(PAGE.format(head=head), url="file:saved.html")
    assert (article.url, article.outlet) == ("file:saved.html", "tolling-bell.example")


def test_file_without_canonical_link_takes_the_outlet_of_its_source() -> None:
    article = read_article(
        PAGE.format(head=""), url="file:saved.html", hints=Hints(outlet="tolling-bell.example")
    )
    assert article.outlet == "tolling-bell.example"
    assert read_article(PAGE.format(head=""), url="file:saved.html").outlet == "file"


def test_feed_date_is_a_signal_and_used_where_the_page_has_none() -> None:
    hints = Hints(published_raw="Tue, 07 May 2024 06:10:00 GMT")
    article = read_article(PAGE.format(head=""), via=Via.FEED, hints=hints)
    assert article.published is not None
    assert (article.published.signal, article.published.value) == (
        "feed",
        datetime(2024, 5, 7, 6, 10, tzinfo=UTC),
    )


def test_page_without_a_date_has_none() -> None:
    article = read_article(PAGE.format(head=""))
    assert (article.published, article.time_signals) == (None, ())


def test_future_date_is_kept_as_signal_and_never_chosen() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T08:30:00Z">'
    article = read_article(PAGE.format(head=head))
    assert article.published is None
    assert [signal.signal for signal in article.time_signals] == ["meta:article:published_time"]


def test_title_of_the_source_stands_in_for_a_missing_one() -> None:
    body = "<html><body><p>" + SENTENCE * 3 + "</p></body></html>"
    assert read_article(body, hints=Hints(title="From the feed")).title == "From the feed"


def test_reading_twice_gives_the_same() -> None:
    capture = capture_page(PAGE.format(head=""))
    assert read_page(capture) == read_page(capture)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", None])
def test_declared_charset_is_read(charset: str | None) -> None:
    text = PAGE.format(head='<meta charset="windows-1252">').replace("dawn", "café")
    encoded = text.encode("utf-8" if charset == "utf-8" else "cp1252")
    assert "café" in read_article(encoded, charset=charset).text


def test_latin_header_over_a_cyrillic_page_is_not_believed() -> None:
    words = "Докеры порта вышли из доков на рассвете и сказали, что останутся до прилива. " * 4
    head = '<head><meta charset="windows-1251"><title>Порт</title></head>'
    page = f"<html>{head}<body><p>{words}</p></body></html>"
    article = read_article(page.encode("cp1251"), charset="iso-8859-1")
    assert article.text.startswith("Докеры порта") and article.language == "ru"


def test_a_fragment_without_an_html_element_is_read() -> None:
    page = f"<svg><h1>A walkout</h1><table><li><p>{SENTENCE * 4}"

    assert isinstance(read_page(capture_page(page)), Article | Rejected)


@pytest.mark.parametrize(("name", "word"), [("latin-1", "Köln"), ("cp1252", "“café”")])
def test_a_few_undeclared_accents_are_western_european(name: str, word: str) -> None:
    body = f"{SENTENCE} {word} {SENTENCE * 3}".encode(name)

    article = read_page(capture_page(body, "file:a.txt", "text/plain", charset=None, via=Via.FILE))

    assert isinstance(article, Article)
    assert word in article.text


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_give_an_article_or_a_rejection(body: bytes) -> None:
    assert isinstance(read_page(capture_page(body)), Article | Rejected)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div ",
                ">",
                "<a href='x'>",
                "<!--",
                "<script>",
                "]]>",
                SENTENCE,
                "<h1>",
                "<table>",
                "&#0;",
                "\x00",
                "<br>",
                "<svg>",
                "<meta content='",
                "<li>",
            ]
        ),
        max_size=60,
    )
)
def test_any_markup_gives_an_article_or_a_rejection(parts: list[str]) -> None:
    assert isinstance(read_page(capture_page("".join(parts))), Article | Rejected)


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the shared documents are not here")
@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.txt")), ids=lambda path: path.stem)
def test_shared_document_comes_out_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    article = read_page(
        capture_page(path.read_bytes(), f"file:{path.name}", "text/plain", charset="utf-8", via=Via.FILE)
    )
    assert isinstance(article, Article)
    assert article.title == expected["title"]
    assert [paragraph.text for paragraph in article.paragraphs] == expected["paragraphs"]
    assert article.subtitle == expected["subtitle"]
    published = article.published.value if article.published else None
    assert (published.strftime("%Y-%m-%dT%H:%M") if published else None) == expected["published_at"]
    precision = article.published.precision if article.published else None
    assert precision == (
        Precision(expected["published_precision"]) if expected["published_precision"] else None
    )
