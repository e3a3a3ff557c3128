"""Rendering: which requests a browser may make, what its errors mean, and one real page."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.story import FetchRules, Sources
from spiders.captures import read_capture
from spiders.manifest import iter_entries
from spiders.rendering import AbortRule, browser_fault, browser_settings, is_browser_installed
from tests.spiders.crawling import crawl, make_story, outcomes_of
from tests.spiders.press import Press, page, redirect

HOST = "quay-times.example"
needs_browser = pytest.mark.skipif(not is_browser_installed(), reason="the browser extra isn't installed")


@pytest.mark.parametrize(
    ("url", "kind", "is_aborted"),
    [
        (f"http://{HOST}/app.js", "script", False),
        (f"https://{HOST}:8443/api", "xhr", False),
        (f"http://{HOST}/photo.jpg", "image", True),
        (f"http://{HOST}/live", "websocket", True),
        ("http://elsewhere.example/app.js", "script", True),
        ("http://127.0.0.1/secret", "fetch", True),
        (f"ws://{HOST}/", "fetch", True),
        ("file:///etc/passwd", "document", True),
    ],
)
def test_a_rendered_page_asks_its_own_host_for_text_and_nothing_else(
    url: str, kind: str, is_aborted: bool
) -> None:
    assert AbortRule(frozenset({HOST}))(SimpleNamespace(url=url, resource_type=kind)) is is_aborted


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at http://a.example/", "dns"),
        ("Page.goto: net::ERR_CERT_AUTHORITY_INVALID", "tls"),
        ("Page.goto: Timeout 30000ms exceeded.", "timeout"),
        ("Page.goto: net::ERR_CONNECTION_REFUSED", "connection"),
        ("Page.goto: Download is starting", None),
    ],
)
def test_what_a_browsers_error_is_about(message: str, kind: str | None) -> None:
    assert browser_fault(message) == kind


def test_without_the_extra_the_error_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'wirecopy\[browser\]'"):
        browser_settings(FetchRules(render=(f"http://{HOST}/",)))


def test_names_are_pinned_to_addresses_that_were_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.rendering.is_browser_installed", lambda: True)
    fixed = (("inside.example", "10.0.0.7"), (HOST, "93.184.215.14"), ("six.example", "2606:2800:220:1::1"))
    render = tuple(f"http://{host}/" for host, _ in fixed)

    settings = browser_settings(FetchRules(render=render, resolve=fixed))

    assert settings["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"][-1] == (
        f"--host-resolver-rules=MAP {HOST} 93.184.215.14, MAP six.example [2606:2800:220:1::1], "
        "MAP * ~NOTFOUND"
    )


SCRIPTED = """<html><head><title>Cranes</title></head><body><div id="root"></div><script>
document.getElementById('root').innerHTML = '<p id="written">The cranes stand still.</p>';
const say = (what) => document.getElementById('root').insertAdjacentHTML('beforeend', '<i>' + what + '</i>');
for (const url of %s) fetch(url, {mode: 'no-cors'}).then(() => say('reached'), () => say('refused'));
fetch('/more').then((found) => found.text()).then(say);
</script></body></html>"""


@needs_browser
@pytest.mark.timeout(180)
def test_a_page_that_scripts_write_is_archived_as_rendered_and_leads_nowhere_else(tmp_path: Path) -> None:
    with Press() as canary, Press() as press:
        ways = [canary.url(host, "/x") for host in ("127.0.0.1", "localhost", "[::1]", "2130706433")]
        press.add(HOST, "/cranes", page(SCRIPTED % ways))
        press.add(HOST, "/more", page("more of it"))
        press.add(HOST, "/away", redirect(canary.url("127.0.0.1", "/moved")))
        press.add(HOST, "/robots.txt", page("User-agent: *\nDisallow: /closed"))
        press.add(HOST, "/closed", page("<p>never"))
        seeds = tuple(press.url(HOST, path) for path in ("/cranes", "/away", "/closed"))
        story = make_story(
            press,
            Sources(seeds=seeds),
            render=(press.url(HOST, "/"),),
            allow_private_hosts=False,
            private_hosts=(HOST,),
            timeout_seconds=20.0,
        )

        result = crawl(tmp_path, story)

        assert result.is_finished, result
        assert canary.hits == []
        assert "/closed" not in press.paths()
    (entry,) = iter_entries(tmp_path / "archive")
    capture = read_capture(tmp_path / "archive", entry)
    assert b'<p id="written">The cranes stand still.</p>' in capture.body  # type: ignore[union-attr]
    assert outcomes_of(tmp_path)[seeds[0]].fate is None
    assert outcomes_of(tmp_path)[seeds[1]].fate is not None


@pytest.mark.skipif(is_browser_installed(), reason="the browser extra is installed")
def test_a_crawl_without_the_extra_ends_with_one_clear_error(tmp_path: Path) -> None:
    with Press() as press:
        story = make_story(press, Sources(seeds=(press.url(HOST, "/1"),)), render=(press.url(HOST, "/"),))

        result = crawl(tmp_path, story)

    assert (result.exit_code, result.is_finished) == (1, False)
    assert "pip install 'wirecopy[browser]'" in (result.error or "")
