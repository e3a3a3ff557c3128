"""Walls in place of articles, each a rejection of its own kind, and articles that only speak of walls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.page import read_page
from pipelines.records import Article, Reason, Rejected
from pipelines.walls import is_challenge
from tests.pipelines.page_captures import capture_page

URL = "http://harbour-post.example/cranes"
PROSE = "The crane drivers of the eastern dock went home at noon and left two ships half unloaded. "
EMPTY_APP = '<html><head><title>Quay</title><script src="/app.js"></script></head><body>{}</body></html>'

WALLS = [
    (
        Reason.BOT_CHECK,
        "<title>Just a moment...</title><h1>harbour-post.example</h1><p>One moment while we look at you.</p>",
    ),
    (
        Reason.BOT_CHECK,
        "<title>quay.example</title><div id=w></div><script src='/cdn-cgi/challenge-platform/x.js'>",
    ),
    (Reason.BOT_CHECK, "<title>Wait</title><p>Verify you are human.</p><p>We have seen unusual traffic.</p>"),
    (Reason.BOT_CHECK, "<title>Attention Required! | Guard</title><p>Tick the box to go on to the page.</p>"),
    (
        Reason.CONSENT_WALL,
        "<title>Quay Times</title><p>We value your privacy. We and our partners store things.</p>"
        "<p>Before you continue, choose what we may do with what we learn of you.</p><button>Yes</button>",
    ),
    (
        Reason.LOGIN_WALL,
        "<title>Quay Times</title><form><input name=u><input type='password'><button>Go</button></form>",
    ),
    (
        Reason.LOGIN_WALL,
        "<title>Sign in to continue</title><p>Give your address and go on.</p>",
    ),
    (Reason.LOGIN_WALL, "<title>Anmelden</title><p>Bitte melden Sie sich an.</p>"),
    (
        Reason.PAYWALL,
        f"<title>Cranes</title><p>{PROSE}</p><p>Already a subscriber? Subscribe to continue reading.</p>",
    ),
    (
        Reason.PAYWALL,
        '<title>Cranes</title><script type="application/ld+json">{"@type": "NewsArticle",'
        f'"isAccessibleForFree": false}}</script><p>{PROSE}</p><p>{PROSE}</p>',
    ),
    (
        Reason.SOFT_404,
        "<title>Page not found - Harbour Post</title><p>Try the search.</p>",
    ),
    (Reason.SOFT_404, "<title>Oops! 404 error</title><p>The tide took this one.</p>"),
    (
        Reason.SOFT_404,
        "<title>Harbour Post</title><p>The page you requested could not be found. It may have moved.</p>",
    ),
    (Reason.SCRIPT_ONLY, EMPTY_APP.format('<div id="root"></div>')),
    (
        Reason.SCRIPT_ONLY,
        EMPTY_APP.format("<noscript>Enable JavaScript to read this.</noscript>"),
    ),
    (Reason.SCRIPT_ONLY, EMPTY_APP.format('<p>Loading</p><div id="__next"> </div>')),
]


@pytest.mark.parametrize(("reason", "html"), WALLS)
def test_a_wall_is_a_rejection_of_its_own_kind(reason: Reason, html: str) -> None:
    result = read_page(capture_page(html, url=URL))

    assert isinstance(result, Rejected)
    assert (result.reason, bool(result.detail)) == (reason, True)


@pytest.mark.parametrize(
    ("final_url", "reason"),
    [
        ("http://harbour-post.example/login?back=/cranes", Reason.LOGIN_WALL),
        ("http://consent.harbour-post.example/collect?x", Reason.CONSENT_WALL),
        ("http://harbour-post.example/404.html", Reason.SOFT_404),
    ],
)
def test_where_a_redirect_ends_gives_a_wall_away(final_url: str, reason: Reason) -> None:
    html = f"<html><title>Harbour Post</title><body><p>{PROSE * 2}</p></body></html>"
    result = read_page(replace(capture_page(html, url=URL), final_url=final_url))

    assert isinstance(result, Rejected)
    assert result.reason is reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Dockers stopped at a security check", f"'Access denied', said a sign. {PROSE} {PROSE}"),
        ("Harbour sues over a page not found", PROSE * 2),
        ("Captain could not be found, ship is no longer available", PROSE * 3),
        (
            "Ferry company asks: are you a robot?",
            f"{PROSE} {PROSE} Passengers must now prove it.",
        ),
        ("Log in the river", f"{PROSE} A log in the river held the ferry up. {PROSE}"),
    ],
)
def test_an_article_may_speak_of_walls(title: str, text: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"

    assert isinstance(read_page(capture_page(html, url=URL)), Article)


def test_a_comment_form_with_a_captcha_makes_no_wall() -> None:
    form = '<form><div class="g-recaptcha"></div><input type="password"></form><script></script>'
    html = (
        f"<html><head><title>Cranes</title></head><body><h1>Cranes</h1><p>{PROSE * 2}</p>{form}</body></html>"
    )

    assert isinstance(read_page(capture_page(html, url=URL)), Article)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<title>Just a moment...</title>", True),
        ("<title>x</title><div class='cf-turnstile'>", True),
        ("<title>403 Forbidden</title><h1>Forbidden</h1>", False),
        ("<title>Access denied</title>", False),
        ("", False),
    ],
)
def test_a_refusal_is_told_from_a_challenge(body: str, expected: bool) -> None:
    assert is_challenge(body) is expected
