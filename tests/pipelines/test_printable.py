"""What no reader sees is in no text."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipelines.printable import printable, without_unprintable_references


@given(st.text(alphabet=st.characters()))
def test_printable_text_holds_no_control_characters_and_stays_as_it_is(text: str) -> None:
    clean = printable(text)

    assert all(unicodedata.category(one) != "Cc" or one in "\t\n\r" for one in clean)
    assert clean.encode().decode() == clean
    assert printable(clean) == clean


def test_a_vertical_tab_parts_words_and_a_nul_does_not() -> None:
    assert printable("dawn\x0buntil dock\0ers") == "dawn until dockers"


def test_a_c1_control_is_read_as_windows_1252() -> None:
    assert printable("the dock\x92s gate\x81") == "the dock’s gate"


def test_marks_that_turn_the_reading_order_go_and_joiners_stay() -> None:
    assert printable("dock\u202eers می\u200cخواهم 👩\u200d🔧") == "dockers می\u200cخواهم 👩\u200d🔧"


def test_numeric_references_to_no_character_go() -> None:
    markup = "a&#0;b&#x1;c&#11;d&#xD800;e&#x110000;f&#99999999999;g&#x202E;h"

    assert without_unprintable_references(markup) == "abc defgh"


def test_other_numeric_references_stay() -> None:
    markup = "&#8217; &#x2019; &#10; &#146; &#169 &#x1F680; &#a; &#;"

    assert without_unprintable_references(markup) == markup
