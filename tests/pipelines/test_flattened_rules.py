"""Single lines of flattened pages: what is a picture's, a plea's, a pointer's, and what is the article's."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from pipelines.agencies import default_agencies
from pipelines.date_text import read_date_text
from pipelines.flattened import clean_flattened
from pipelines.flattened_body import find_rules
from pipelines.flattened_lines import read_lines
from pipelines.flattened_pictures import is_picture_line
from pipelines.flattened_rules import find_junk_rule
from pipelines.flattened_segments import choose_run, opens_with_dateline
from pipelines.flattened_title import site_suffix
from pipelines.flattened_vocabulary import measure_vocabulary
from pipelines.flattened_words import words_of
from pipelines.page_text import read_flattened
from pipelines.records import Article, Capture, Hints, Via


@pytest.mark.parametrize(
    "text",
    [
        "FILE PHOTO. The ministry in Wenlow. © Getty Images / Ada Merrow",
        "(Photo by Ada Merrow/Getty Images)",
        "Ada Merrow in what is left of her kitchen Credit: Harbour Pictures",
        "Die Brücke über die Ander. Foto: Poole",
        "Ada Merrow/Reuters",
    ],
)
def test_caption_with_credit_is_a_picture_line(text: str) -> None:
    assert is_picture_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "The photo showed three cranes, and nobody could say who had taken it.",
        "“Nobody got everything,” she said (her voice was hoarse).",
        "The vote was 612 to 540, the union said.",
    ],
)
def test_sentence_is_no_picture_line(text: str) -> None:
    assert not is_picture_line(text)


def test_pointer_within_an_article_is_junk_though_it_is_long() -> None:
    assert find_junk_rule("READ MORE: Harbourland recalls its ambassador over the border row") == "read_more"


def test_quote_that_asks_for_a_donation_is_no_plea() -> None:
    assert find_junk_rule("“Please consider making a donation,” the mayor wrote to the dockers.") is None


def test_dash_of_direct_speech_stays() -> None:
    lines, _ = read_lines("– Nikt nie dostał wszystkiego – powiedziała Lena Voss.")
    assert lines[0].text.startswith("– Nikt")


def test_byline_below_an_unfinished_title_is_not_joined_to_it() -> None:
    lines, _ = read_lines("Council Asks for Quiet on the Bridge\n\nby Ada Merrow")
    assert len(lines) == 2


def test_vowel_signs_do_not_end_a_word() -> None:
    assert words_of("हड़ताल खत्म की") == ["हड़ताल", "खत्म", "की"]


def test_what_stands_behind_a_bar_is_the_sites_name() -> None:
    assert site_suffix("Bridge stays shut until Friday | The Quay", []) == " | The Quay"


def test_what_stands_behind_a_dash_is_the_titles_own() -> None:
    assert site_suffix("Bridge stays shut until Friday – minister", []) == ""


def test_minutes_of_one_digit_are_read_in_japanese() -> None:
    time = read_date_text("2024年1月31日 7時5分", "text")
    assert time is not None and time.value is not None and time.value.strftime("%H:%M") == "07:05"


def test_lines_about_the_author_of_the_byline_are_cut() -> None:
    body = "\n\n".join(f"The {n} crane of Wenlow stood still on Monday, said the union." for n in "ABCDEF")
    head = "Cranes stand still in Wenlow\n\nBy Ada Merrow\n\n3 May 2031"
    page = clean_flattened(f"{head}\n\n{body}\n\nAda Merrow grew up in Tollen.")
    assert page.paragraphs[-1].text.startswith("The F crane")


def test_title_that_the_source_gives_outranks_the_one_guessed_from_the_text() -> None:
    body = "\n\n".join(f"The {n} crane of Wenlow stood still on Monday, said the union." for n in "ABCDEF")
    moment = datetime(2031, 5, 4, tzinfo=UTC)
    capture = Capture(
        url="http://quay.example/cranes",
        final_url="http://quay.example/cranes",
        via=Via.FILE,
        source_url=None,
        fetched_at=moment,
        status=200,
        media_type="text/plain",
        charset="utf-8",
        body=b"",
        hints=Hints(title="Cranes at rest", published_raw="2031-05-03T09:00:00+02:00"),
        archive_file="a.warc.gz",
        archive_offset=0,
        payload_digest="sha256:00",
    )
    article = read_flattened(
        capture, f"Cranes stand still in Wenlow\n\n2 May 2031\n\n{body}", default_agencies()
    )
    assert isinstance(article, Article)
    assert (article.title, article.published.value_raw if article.published else None) == (
        "Cranes at rest",
        "2031-05-03T09:00:00+02:00",
    )


def test_notice_of_consent_is_junk_though_it_is_long() -> None:
    text = (
        "By clicking on Accept you agree that we and our 14 partners store cookies on your device, read data "
        "from your browser and process personal data for the purposes set out in our privacy policy."
    )
    assert find_junk_rule(text) in {"consent_notice", "cookie_notice"}


def test_report_about_privacy_is_no_notice() -> None:
    text = (
        "Your privacy is worth nothing, said the commissioner, who has looked at four hundred shops in "
        "Wenlow, and she showed the council how each of them follows what people buy from week to week."
    )
    assert find_junk_rule(text) is None


def test_article_goes_on_behind_a_pointer_to_another_story() -> None:
    lines = [f"The {name} crane of Wenlow stood still on Monday, said the union." for name in "ABCDEF"]
    pointer = ["Read also", "Rain floods the market of Tollen"]
    page = clean_flattened("\n\n".join([*lines[:4], *pointer, *lines[4:], "Share", "Comments"]))
    assert [paragraph.text for paragraph in page.paragraphs] == lines


def test_privacy_notice_longer_than_the_article_is_not_taken_for_it() -> None:
    article = [f"The {name} crane of Wenlow stood still on Monday, said the union." for name in "ABCD"]
    notice = [
        f"When you visit our site, we store cookies in your browser to collect {name} data about you, your "
        "device and your preferences; you may opt out of the processing of your personal data here."
        for name in ("first", "second", "third", "fourth", "fifth", "sixth")
    ]
    head = ["Cranes stand still in Wenlow", "By Ada Merrow", "3 May 2031"]
    page = clean_flattened("\n".join([*head, *article, "Share", "Home", "Topics", *notice]))
    assert [paragraph.text for paragraph in page.paragraphs] == article


def test_last_sentence_that_ends_in_an_ellipsis_goes_on_with_the_text_above_it() -> None:
    lines = [
        "The dairy of Serrow shipped its first cheese to the islands on Sunday, four tons in all.",
        "The talks took three years.",
        "“We had to change even the colour of the label,” said the chair of the dairy, Dalva Ribbon.",
        "The contract foresees a shipment every month, as long as there is not too much salt in the cheese.",
        "The next one follows in May…",
    ]
    page = clean_flattened(
        "\n".join(["Menu", "Home", "Cheese for the islands", "3 May 2031", *lines, "Comments"])
    )
    assert page.paragraphs[-1].text == lines[-1]


def test_answer_of_one_word_stays_in_an_interview() -> None:
    dialogue = ["Did you build it?", "Of oak.", "Was it dear?", "It was.", "Who sails it now?", "Nobody."]
    lines, _ = read_lines("\n".join([*dialogue, "Most read"]))
    likely = np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.05, 0.01])
    rules = find_rules(lines, likely, [None] * 7)
    assert rules[:6] == [None] * 6


def test_vocabulary_weighs_each_word_once_and_all_numbers_alike() -> None:
    weights = {"subscribe": -2.0, "0": -0.5}
    measured = measure_vocabulary([["subscribe", "subscribe", "12", "2031"], ["quay"]], weights)
    assert measured[:, 0].tolist() == [-2.5, 0.0]
    assert measured[:, 1].tolist() == [-1.25, 0.0]


def test_capital_letters_with_a_dot_are_read_as_words() -> None:
    assert find_junk_rule("İLGİLİ HABER") == "related"


@pytest.mark.parametrize(
    "text",
    [
        "HARBOURTOWN, March 4 (Quay Press) - The quay is closed.",
        "WENLOW — The quay is closed.",
        "Wenlow (qp) – Der Kai ist gesperrt.",
    ],
)
def test_place_and_agency_before_a_dash_are_a_dateline(text: str) -> None:
    assert opens_with_dateline(text)


def test_sentence_with_brackets_and_a_dash_is_no_dateline() -> None:
    assert not opens_with_dateline("The quay is closed, and so - until May (at least) - is the ferry.")


def test_short_report_with_a_dateline_is_chosen_before_a_longer_foot() -> None:
    report = ["HARBOURTOWN, March 4 (Quay Press) - The quay is closed.", "It opens again in May."]
    foot = ["Menu", "About the harbour's oldest news house, read by sailors on every sea.", "Careers"]
    lines, _ = read_lines("\n".join(report + foot))
    gains = np.array([8.0, 6.0, -15.0, 30.0, 1.0])
    assert choose_run(lines, gains, gains, [None] * 5) == (0, 2)


def test_report_beside_a_long_notice_of_consent_is_found_by_the_lower_bar() -> None:
    notice = "When you visit our website we store cookies on your browser to collect your data."
    lines, _ = read_lines(f"The quay is closed.\nIt opens again in May.\nMenu\n{notice}")
    gains, eased = np.array([-1.0, -1.0, -6.0, 30.0]), np.array([8.0, 8.0, -3.0, 40.0])
    assert choose_run(lines, gains, eased, [None] * 4) == (0, 2)


def test_notice_stays_where_the_page_holds_nothing_else() -> None:
    lines, _ = read_lines("Menu\nWhen you visit our website we store cookies on your browser.")
    gains = np.array([-6.0, 30.0])
    assert choose_run(lines, gains, gains, [None] * 2) == (1, 2)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("An dieser Stelle findest du einen Film der Hafenwacht.", "embed"),
        ("Please provide a valid email address.", "newsletter"),
    ],
)
def test_line_that_a_form_or_a_frame_leaves_behind_is_junk(text: str, rule: str) -> None:
    assert find_junk_rule(text) == rule
