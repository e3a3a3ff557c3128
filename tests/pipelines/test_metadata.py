"""Title, authors, section, links and structured data of a page."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.jsonld import ArticleData, read_article_data
from pipelines.people import split_names
from pipelines.titles import choose_title, strip_site_name
from tests.pipelines.page_captures import read_article

PARAGRAPHS = (
    "<p>The dockers of Harbourtown walked out at dawn and said they would stay out until the tide turned.</p>"
    "<p>The port authority put its clocks back by an hour and asked for more time to think of the rota.</p>"
    "<p>Nobody was hurt, and the gulls had the quay to themselves until the evening ferry.</p>"
)
URL = "http://harbour-post.example/news/strike"


def page_of(head: str, above: str = "<h1>Dockers walk out</h1>") -> str:
    return f"<html><head>{head}</head><body><main>{above}<article>{PARAGRAPHS}</article></main></body></html>"


def data_of(*nodes: object) -> ArticleData:
    found = read_article_data([node if isinstance(node, str) else json.dumps(node) for node in nodes])
    assert found is not None
    return found


ARTICLE = {"@type": "NewsArticle", "headline": "Dockers walk out", "datePublished": "2024-05-03"}


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Dockers walk out - The Harbour Post", "Dockers walk out"),
        ("Dockers walk out | News | The Harbour Post", "Dockers walk out"),
        ("The Harbour Post: Dockers walk out", "The Harbour Post: Dockers walk out"),
        ("Harbour Post | Dockers walk out of the docks", "Dockers walk out of the docks"),
        ("Dockers walk out – again – and stay out", "Dockers walk out – again – and stay out"),
        ("Dockers walk out", "Dockers walk out"),
        ("The Harbour Post", "The Harbour Post"),
    ],
)
def test_site_name_is_stripped_from_a_title(title: str, bare: str) -> None:
    assert strip_site_name(title, "The Harbour Post", URL) == bare


def test_heading_that_agrees_with_the_head_is_the_title() -> None:
    title, _ = choose_title(
        ["Dockers walk out, stay out…"],
        ["The Harbour Post", "Dockers walk out, stay out until tide"],
        None,
        URL,
    )
    assert title == "Dockers walk out, stay out until tide"


def test_heading_that_says_something_else_is_not_the_title() -> None:
    title, _ = choose_title(["Dockers walk out"], ["The Harbour Post"], None, URL)
    assert title == "Dockers walk out"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Roe", ["Ann Roe"]),
        ("By Ann Roe and Ben Doe, Science Editor", ["Ann Roe", "Ben Doe"]),
        ("Von Anna Röh und Benno Dohl", ["Anna Röh", "Benno Dohl"]),
        ("Par Hélène Roque", ["Hélène Roque"]),
        ("ANN ROE", ["Ann Roe"]),
        ("Published 3 May 2024", []),
        ("3 May 2024", []),
        ("Harbour Post Staff", []),
        ("https://facebook.com/annroe", []),
    ],
)
def test_names_of_a_byline_are_split(line: str, names: list[str]) -> None:
    assert split_names(line) == names


def test_bad_script_does_not_cost_the_good_one() -> None:
    assert data_of("{ not json", ARTICLE).headline == "Dockers walk out"


def test_graph_with_references_is_resolved() -> None:
    graph = {
        "@graph": [{**ARTICLE, "author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "Ann Roe"}]
    }
    assert data_of(graph).authors == ("Ann Roe",)


def test_organization_author_is_kept_apart() -> None:
    data = data_of(
        {
            **ARTICLE,
            "author": [
                {"@type": "Organization", "name": "Northwire"},
                {"@type": "Person", "name": "Ann Roe"},
            ],
        }
    )
    assert (data.authors, data.author_organizations) == (("Ann Roe",), ("Northwire",))


@pytest.mark.parametrize(
    "script",
    [
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE) + ";",
        json.dumps([ARTICLE]),
        json.dumps(ARTICLE).replace("walk out", "walk\nout"),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps({**ARTICLE, "ratingValue": float("nan"), "price": float("inf")}),
        json.dumps(ARTICLE).replace("walk", "walk\x00\x0b"),
        "\ufeff" + json.dumps(ARTICLE),
        json.dumps(
            {**ARTICLE, "author": [None, 3, {"name": {"a": []}}], "image": [[]], "keywords": {"x": 1}}
        ),
        json.dumps(ARTICLE) + json.dumps({"@type": "Organization"}),
        "/* data */" + json.dumps(ARTICLE),
    ],
    ids=[
        *("comment", "cdata", "entities", "trailing comma", "semicolon", "list", "line break", "nested"),
        *(
            "not a number",
            "control characters",
            "byte order mark",
            "wrong types",
            "two values",
            "code comment",
        ),
    ],
)
def test_flawed_structured_data_is_read(script: str) -> None:
    assert data_of(script).published_raw == "2024-05-03"


@pytest.mark.parametrize("script", ["[" * 100_000, '{"a":' * 5_000 + "1", "x" * 2_000_000, ""])
def test_hostile_structured_data_is_left_unread(script: str) -> None:
    assert read_article_data([script]) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "author",
                    "name",
                    "headline",
                    "image",
                    "datePublished",
                    "liveBlogUpdate",
                    "keywords",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_structured_data_is_survived(value: object) -> None:
    found = read_article_data([json.dumps(value)])
    assert found is None or isinstance(found, ArticleData)


def test_paywall_is_read_from_structured_data() -> None:
    script = (
        '<script type="application/ld+json">'
        + json.dumps({**ARTICLE, "isAccessibleForFree": "False"})
        + "</script>"
    )
    assert read_article(page_of(script, PARAGRAPHS.replace("dockers", "crane drivers"))).is_paywalled is True
    assert read_article(page_of("")).is_paywalled is None


def test_section_tags_image_and_outlet_name_come_from_meta_tags() -> None:
    head = (
        '<meta property="article:section" content="Harbour">'
        '<meta name="keywords" content="docks, strike, docks">'
        '<meta property="og:image" content="/dock.jpg">'
        '<meta property="og:site_name" content="The Harbour Post">'
    )
    article = read_article(page_of(head))
    assert (article.section, article.tags, article.outlet_name) == (
        "Harbour",
        ("docks", "strike"),
        "The Harbour Post",
    )
    assert article.image_url == "http://harbour-post.example/dock.jpg"


def test_byline_on_the_page_gives_the_authors() -> None:
    article = read_article(
        page_of("", '<h1>Dockers walk out</h1><p class="byline">By Ann Roe and Ben Doe</p>')
    )
    assert (article.byline_raw, article.authors) == ("By Ann Roe and Ben Doe", ("Ann Roe", "Ben Doe"))


def test_author_of_a_related_teaser_is_not_the_author() -> None:
    article = read_article(
        page_of("", '<h1>Dockers walk out</h1><aside><p class="byline">By Ann Roe</p></aside>')
    )
    assert article.authors == ()


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "data:image/png;base64,AAAA", "http://", "http://[::1"]
)
def test_link_that_is_no_web_address_is_dropped(value: str) -> None:
    head = f'<meta property="og:image" content="{value}"><link rel="canonical" href="{value}">'
    article = read_article(page_of(head))
    assert (article.image_url, article.canonical_url) == (None, None)


@pytest.mark.parametrize(
    ("heading", "claim", "title"),
    [
        ("Harbour Dockers walk out until the tide turns", "Dockers walk out until the tide turns", "claim"),
        (
            "Dockers walk out until the tide turnsThe Harbour Post",
            "Dockers walk out until the tide turns",
            "claim",
        ),
        ("Dockers walk out, stay out until the tide turns", "Dockers walk out, stay out", "heading"),
    ],
    ids=["kicker", "site glued on", "shortened in the head"],
)
def test_kicker_and_site_name_are_no_part_of_the_title(heading: str, claim: str, title: str) -> None:
    chosen, _ = choose_title([claim], [heading], "The Harbour Post", URL)
    assert chosen == {"claim": claim, "heading": heading}[title]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Roe, Ph.D.", ["Ann Roe, Ph.D."]),
        ("Von Anna Röh, Nebelhafen", ["Anna Röh"]),
        ("Von: Anna Röh, Benno Dohl", ["Anna Röh", "Benno Dohl"]),
    ],
)
def test_title_stays_with_its_name_and_place_goes(line: str, names: list[str]) -> None:
    assert split_names(line) == names


def test_byline_beside_the_headline_needs_no_markup() -> None:
    article = read_article(page_of("", "<h1>Dockers walk out</h1><div><div>By Ann Roe</div></div>"))
    assert article.authors == ("Ann Roe",)


def test_link_to_an_authors_page_beside_the_headline_is_the_author() -> None:
    above = '<h1>Dockers walk out</h1><div><a href="/authors/ann-roe">Ann Roe</a></div>'
    assert read_article(page_of("", above)).authors == ("Ann Roe",)


@pytest.mark.parametrize("line", ["Photo: Ann Roe", "Quelle: dpa", "Bild: AR/APA"])
def test_picture_or_source_line_is_no_byline(line: str) -> None:
    article = read_article(page_of("", f'<h1>Dockers walk out</h1><p class="byline">{line}</p>'))
    assert article.authors == ()
