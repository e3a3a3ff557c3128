"""Whose text it is: datelines, bylines, tails, structured data."""

from __future__ import annotations

import pytest

from pipelines.agencies import AgencyTable, default_agencies, extend_agencies, parse_agencies
from pipelines.credits import CreditSources, agencies_of, read_credits
from tests.pipelines.credit_cases import CreditCase, found_agencies, read_cases, score_cases


def agencies(**sources: object) -> tuple[str, ...]:
    return agencies_of(read_credits(CreditSources(**sources)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("HARBOURTOWN (AP) — The docks stayed shut.", "AP"),
        ("HARBOURTOWN, Jan 3 (Reuters) - The docks stayed shut.", "Reuters"),
        ("Nordhafen (dpa/kbl) - Die Docks bleiben zu.", "dpa"),
        ("Port-Brume, 3 jan 2024 (AFP) - Les docks restent fermés.", "AFP"),
        ("PUERTO LUNA, 3 Ene. (EUROPA PRESS) - Los muelles siguen cerrados.", "Europa Press"),
        ("Puerto Luna, 3 ene (EFE).- Los muelles siguen cerrados.", "EFE"),
        ("(ANSA) - PORTOFOSCO, 3 GEN - I moli restano chiusi.", "ANSA"),
        ("Porto Névoa, 03 jan 2024 (Lusa) – As docas continuam fechadas.", "Lusa"),
        ("ПОРТ-ТУМАН, 3 января. /ТАСС/. Доки закрыты.", "TASS"),
        ("ПОРТ-ТУМАН, 3 янв - РИА Новости. Доки закрыты.", "RIA Novosti"),
        ("رأس الرمل (رويترز) - بقيت الأرصفة مغلقة.", "Reuters"),
        ("新华社云港1月3日电 码头仍然关闭。", "Xinhua"),
        ("(운항=연합뉴스) 부두는 계속 닫혀 있다.", "Yonhap"),
        ("LİMANKÖY (AA) - Rıhtımlar kapalı.", "Anadolu"),
        ("Ködvár, 2024. január 3., szerda (MTI) - A dokkok zárva vannak.", "MTI"),
        ("MGŁÓW (PAP) - Doki pozostają zamknięte.", "PAP"),
    ],
)
def test_dateline_names_the_agency(opening: str, agency: str) -> None:
    assert agencies(paragraphs=(opening, "More of it.")) == (agency,)


def test_dateline_of_an_unknown_agency_is_credited_with_less_confidence() -> None:
    known, unknown = (
        read_credits(CreditSources(paragraphs=(f"HARBOURTOWN, 3 May ({name}) — The docks stayed shut.",)))[0]
        for name in ("Reuters", "Northwire")
    )
    assert unknown.value == "Northwire"
    assert unknown.confidence < known.confidence


@pytest.mark.parametrize(
    "opening",
    [
        "The mayor (Tom Hill) — who was late — said that the docks stayed shut.",
        "In Paris (Texas) - people say - nothing happens.",
        "He paid 30 crowns (3 dollars) - a good price.",
        "HARBOURTOWN (Post staff) - The docks stayed shut.",
    ],
)
def test_bracket_in_a_sentence_is_no_dateline(opening: str) -> None:
    assert agencies(paragraphs=(opening,)) == ()


def test_agency_is_credited_on_its_own_site() -> None:
    opening = "HARBOURTOWN (Northwire) — The docks stayed shut."
    assert agencies(paragraphs=(opening,), own_names=("Northwire", "northwire.example")) == ("Northwire",)


def test_outlet_is_no_contributor_to_its_own_report() -> None:
    tail = "Tollingbell contributed to this report."
    assert agencies(paragraphs=("One.", tail), own_names=("Tollingbell",)) == ()


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("AP", ("AP",)),
        ("By Ann Roe, Associated Press", ("AP",)),
        ("By ANN ROE, Associated Press Writer", ("AP",)),
        ("Reuters Staff", ("Reuters",)),
        ("Von dpa", ("dpa",)),
        ("dpa/AFP", ("dpa", "AFP")),
        ("Harbour Post avec AFP", ("AFP",)),
        ("By Staff and agencies", ()),
        ("By RIA SMITH", ()),
        ("Ann Roe", ()),
        ("Northwire", ()),
    ],
)
def test_byline_names_agencies(byline: str, expected: tuple[str, ...]) -> None:
    assert agencies(byline_raw=byline) == expected


def test_byline_repeats_an_unknown_agency_of_the_dateline() -> None:
    signals = read_credits(
        CreditSources(
            byline_raw="Northwire", paragraphs=("HARBOURTOWN (Northwire) — The docks stayed shut.",)
        )
    )
    assert {(signal.signal, signal.value) for signal in signals} >= {
        ("byline", "Northwire"),
        ("dateline", "Northwire"),
    }


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("The Associated Press contributed to this report.", ("AP",)),
        ("Northwire contributed to this report.", ("Northwire",)),
        ("Ann Roe contributed to this report.", ()),
        ("Copyright 2024 The Associated Press. All rights reserved.", ("AP",)),
        ("© 2024 AFP", ("AFP",)),
        ("Quelle: dpa", ("dpa",)),
        ("来源：新华社", ("Xinhua",)),
        ("With inputs from PTI", ("PTI",)),
        ("(avec AFP)", ("AFP",)),
        ("Die Gespräche gehen weiter. (dpa)", ("dpa",)),
        ("The pa told him that the talks go on.", ()),
    ],
)
def test_tail_names_agencies(tail: str, expected: tuple[str, ...]) -> None:
    assert agencies(paragraphs=("One.", "Two.", "Three.", tail)) == expected


def test_reporting_line_without_agency_is_kept_as_signal_without_value() -> None:
    signals = read_credits(CreditSources(paragraphs=("One.", "(Reporting by Ann Roe; Editing by Ben Doe)")))
    assert [(signal.signal, signal.value) for signal in signals] == [("tail", None)]


def test_agency_named_in_a_long_paragraph_is_no_credit() -> None:
    text = "The strike was first reported by Reuters on Monday, " + "and the port denied it at once, " * 12
    assert agencies(paragraphs=("One.", text)) == ()


def test_author_of_structured_data_is_credited() -> None:
    assert agencies(organizations=("Associated Press",)) == ("AP",)


def test_image_credit_is_kept_apart() -> None:
    signals = read_credits(CreditSources(captions=("The docks on Monday. (AP Photo/Ann Roe)",)))
    assert [(signal.signal, signal.value) for signal in signals] == [("image", "AP")]
    assert agencies_of(signals) == ()


@pytest.mark.parametrize("line", ["Reuters", "© AFP / Ann Roe", "Top stories AP"])
def test_cut_line_that_is_no_credit_credits_nobody(line: str) -> None:
    assert agencies(paragraphs=("One.", "Two."), removed=(line,)) == ()


def test_cut_copyright_line_is_a_credit() -> None:
    assert agencies(paragraphs=("One.", "Two."), removed=("© dpa-infocom, dpa:240312-99-000001/2",)) == (
        "dpa",
    )


def test_canonical_link_to_an_agency_is_a_credit() -> None:
    assert agencies(canonical_outlet="reuters.com") == ("Reuters",)


def test_each_statement_is_told_once() -> None:
    signals = read_credits(CreditSources(byline_raw="AP", meta_authors=("AP", "AP")))
    assert len(signals) == len(set(signals))


def test_table_covers_agencies_of_many_languages() -> None:
    languages = {language for agency in default_agencies().agencies for language in agency.languages}
    assert len(languages) >= 25


def test_table_can_be_extended() -> None:
    more = parse_agencies(
        '[[agency]]\nname = "Northwire"\naliases = ["Northwire", "NW"]\ndomains = ["northwire.example"]'
    )
    table = extend_agencies(default_agencies(), more)
    assert table.named("Northwire") == "Northwire"
    assert table.of_outlet("northwire.example") == "Northwire"
    signals = read_credits(CreditSources(byline_raw="By Ann Roe, NW"), table)
    assert agencies_of(signals) == ("Northwire",)


@pytest.mark.parametrize(
    "toml",
    [
        '[[agency]]\naliases = ["X"]',
        '[[agency]]\nname = "X"\nalias = ["Y"]',
        '[[agency]]\nname = "X"\naliases = "Y"',
    ],
)
def test_faulty_table_is_refused(toml: str) -> None:
    with pytest.raises(ValueError, match="agency"):
        parse_agencies(toml)


def test_short_alias_counts_only_as_written() -> None:
    table = AgencyTable(default_agencies().agencies)
    assert (table.named("AP"), table.named("ap"), table.named("ASSOCIATED PRESS")) == ("AP", None, "AP")


def labelled() -> list[CreditCase]:
    return [*read_cases("tuned"), *read_cases("unseen")]


def test_labelled_set_is_large_and_of_many_languages() -> None:
    cases = labelled()
    assert len(cases) >= 200
    assert len({case.language for case in cases}) >= 12
    assert sum(not case.agencies for case in cases) >= 60


def test_agencies_of_the_labelled_set_are_found() -> None:
    score = score_cases(labelled())
    assert (score.recall >= 0.95, score.precision >= 0.98) == (True, True), score


def test_mention_of_an_agency_is_no_credit() -> None:
    wrong = [case.text for case in labelled() if not case.agencies and found_agencies(case)]
    assert len(wrong) <= 1, wrong
