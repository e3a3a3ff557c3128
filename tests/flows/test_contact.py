import pytest

from flows.contact import CONTACT_VARIABLE, user_agent
from pipelines.match import Match
from pipelines.story import FetchRules, Story


def agent(contact: str | None) -> str:
    return user_agent(Story("s", "S", None, None, Match(any=("x",)), fetch=FetchRules(contact=contact)))


def test_the_storys_contact_outranks_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, "desk@harbour.example")

    assert "desk@harbour.example" in agent(None)
    assert "me@quay.example" in agent("me@quay.example")
    assert "desk@" not in agent("me@quay.example")


def test_a_contact_never_breaks_out_of_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONTACT_VARIABLE, raising=False)

    assert agent("a\r\nCookie: x\u2028é").endswith("(news research; a Cookie: x)")
    assert agent(None).endswith("(news research)")
