"""The language of a text, with the page's own word as second signal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.language import detect_language, normalize_language
from pipelines.language_model import compare_with_profiles, sample_pieces

TEXTS = {
    "en": "The dockers of Harbourtown walked out at dawn and will stay out until the tide turns.",
    "de": "Die Hafenarbeiter legten am Morgen die Arbeit nieder und kommen erst zur Flut zurück.",
    "fr": "Les dockers de Port-Brume ont cessé le travail à l'aube et reviendront avec la marée.",
    "es": "Los estibadores de Puerto Luna abandonaron el trabajo al amanecer y volverán con la marea.",
    "it": "I portuali di Portofosco hanno lasciato il lavoro all'alba e torneranno con la marea.",
    "pt": "Os estivadores de Porto Névoa deixaram o trabalho ao amanhecer e só voltam com a maré.",
    "nl": "De havenarbeiders legden bij zonsopgang het werk neer en komen pas met de vloed terug.",
    "pl": "Dokerzy z Mgłowa przerwali pracę o świcie i zapowiedzieli, że nie wrócą przed przypływem wody.",
    "ru": "Докеры порта Туман прекратили работу на рассвете и сказали, что не вернутся до прилива.",
    "ar": "توقف عمال الميناء في رأس الرمل عن العمل عند الفجر وقالوا إنهم لن يعودوا قبل المد العالي.",
    "he": "פועלי הנמל בחוף הערפל הפסיקו לעבוד עם שחר ואמרו שלא ישובו לפני הגאות הבאה של הים.",
    "zh": "云港的码头工人在黎明时分停止工作，并表示在涨潮之前不会返回。",
    "ja": "霧港の港湾労働者は夜明けに仕事をやめ、潮が満ちるまで戻らないと語った。",
    "ko": "안개항의 부두 노동자들은 새벽에 일을 멈추고 밀물이 들 때까지 돌아오지 않겠다고 말했다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_language_of_a_sentence_is_found(language: str) -> None:
    assert detect_language(TEXTS[language]) == language


def test_two_runs_give_the_same_answer() -> None:
    mixed = TEXTS["en"][:60] + TEXTS["nl"][:60]
    assert len({detect_language(mixed) for _ in range(5)}) == 1


def test_short_text_is_undetermined() -> None:
    assert detect_language("Docks shut again.") == "und"


def test_short_text_takes_the_declared_language() -> None:
    assert detect_language("Docks shut again.", ["en-GB"]) == "en"


def test_declaration_that_the_script_contradicts_is_ignored() -> None:
    assert detect_language("Доки закрыты.", ["en-GB"]) == "und"
    assert detect_language(TEXTS["ru"], ["en-GB"]) == "ru"


def test_declared_language_unknown_to_the_detector_counts() -> None:
    georgian = "პორტის მუშებმა გამთენიისას შეწყვიტეს მუშაობა და თქვეს, რომ მოქცევამდე არ დაბრუნდებიან."
    assert detect_language(georgian, ["ka"]) == "ka"


def test_language_that_alone_uses_its_script_needs_no_declaration() -> None:
    georgian = "პორტის მუშებმა გამთენიისას შეწყვიტეს მუშაობა და თქვეს, რომ მოქცევამდე არ დაბრუნდებიან."
    assert detect_language(georgian) == "ka"


def test_half_and_half_is_undetermined_unless_the_page_names_one_half() -> None:
    mixed = TEXTS["en"] * 4 + TEXTS["pl"] * 4
    assert detect_language(mixed) == "und"
    assert detect_language(mixed, ["pl"]) == "pl"
    assert detect_language(mixed, ["pt"]) == "und"


def test_foreign_quote_inside_a_text_does_not_decide() -> None:
    assert detect_language(TEXTS["de"] * 3 + TEXTS["fr"] + TEXTS["de"] * 4) == "de"


def test_language_that_no_profile_knows_is_undetermined() -> None:
    icelandic = (
        "Hafnarverkamenn í Þokuhöfn lögðu niður vinnu í dögun og segjast ekki snúa aftur fyrr en á flóði. "
        "Hafnarstjórnin vildi ekki tala við þá nema einn og einn í senn, og þá fóru allir heim að sofa. "
        "Enginn kom á fundinn nema köttur sem hafði beðið við dyrnar síðan um morguninn með vonda lykt."
    )
    assert detect_language(icelandic) == "und"
    assert detect_language(icelandic, ["is-IS"]) == "is"


def test_addresses_and_capitals_say_nothing() -> None:
    noise = "https://post.example/der-die-das-und-nicht-mit-einer BREAKING NEWS UPDATE LIVE "
    assert detect_language(noise + TEXTS["it"]) == "it"


def test_long_text_is_sampled() -> None:
    assert sum(map(len, sample_pieces(TEXTS["es"] * 100_000))) <= 480


def test_shares_of_a_text_add_up_to_one() -> None:
    found = compare_with_profiles(sample_pieces(TEXTS["nl"]))
    assert found is not None
    assert sum(found.shares.values()) == pytest.approx(1.0, abs=1e-4)
    assert (next(iter(found.shares)), found.fit) == ("nl", pytest.approx(0.0, abs=0.3))


@given(st.text(st.characters(), max_size=300), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_has_a_code_or_none_and_never_fails(text: str, declared: list[str]) -> None:
    code = detect_language(text, declared)
    assert code == "und" or (len(code) == 2 and code.isalpha())


def test_empty_text_is_undetermined() -> None:
    assert detect_language("", ["en"]) == "und"


@pytest.mark.parametrize(
    ("raw", "code"),
    [("en-GB", "en"), ("zh_Hant_TW", "zh"), ("nb-NO", "no"), ("iw", "he"), ("", None), ("english", None)],
)
def test_declared_language_is_normalized(raw: str, code: str | None) -> None:
    assert normalize_language(raw) == code
