"""The demo press over the wire."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPResponse

import pytest

from flows.demo.server import RunningPress, serve_press

HOST = "harbour-post.example"
PATH = "/2024/01/29/long-quay-falls-silent/"


def ask(press: RunningPress, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", press.port, timeout=30)
    try:
        connection.request(method, path, headers={"Host": f"{HOST}:{press.port}", **headers})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_outlets_are_told_apart_by_host_and_links_carry_the_port() -> None:
    with serve_press() as press:
        _, body = ask(press, "/feed/")

    assert f"<link>http://{HOST}:{press.port}{PATH}</link>".encode() in body


def test_setting_the_edition_changes_what_is_printed() -> None:
    with serve_press() as press:
        _, first = ask(press, PATH)
        press.edition = 2
        _, second = ask(press, PATH)

    assert b"340 dockers" in first
    assert b"430 dockers" in second


def test_every_request_is_written_down() -> None:
    with serve_press() as press:
        ask(press, PATH)
        ask(press, "/nothing")

    assert [(r.host, r.path, r.status) for r in press.requests] == [
        (f"{HOST}:{press.port}", PATH, 200),
        (f"{HOST}:{press.port}", "/nothing", 404),
    ]
    assert press.requests[0].at <= press.requests[1].at


def test_conditional_request_is_answered_304_without_a_body() -> None:
    with serve_press() as press:
        first, _ = ask(press, PATH)
        second, body = ask(press, PATH, **{"If-None-Match": first.headers["ETag"]})

    assert (second.status, body) == (304, b"")


def test_head_sends_the_headers_of_get() -> None:
    with serve_press() as press:
        got, body = ask(press, PATH)
        head, nothing = ask(press, PATH, "HEAD")

    assert nothing == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(body))


def test_taken_port_is_an_os_error() -> None:
    with serve_press() as press, pytest.raises(OSError), serve_press(port=press.port):
        pass


def test_port_is_free_again_afterwards() -> None:
    with serve_press() as press:
        port = press.port
    with serve_press(port=port) as again:
        assert again.port == port
