"""Bytes to text: declared, undeclared, wrongly declared and damaged charsets."""

from __future__ import annotations

import pytest

from pipelines.charsets import decode_text

LATIN = "Les dockers ont quitté le port à l'aube, « sans retour » dit l'un. Ils n'ont pas été payés. "
TEXTS = {
    "cp1251": "Докеры порта вышли из доков на рассвете и сказали, что останутся до прилива. ",
    "koi8-r": "Докеры порта вышли из доков на рассвете и сказали, что останутся до прилива. ",
    "gb18030": "港口工人今天凌晨离开码头，并表示他们将一直待到潮水转变。",
    "big5": "港口工人今天凌晨離開碼頭，並表示他們將一直待到潮水轉變。",
    "shift_jis": "港の労働者たちは夜明けに埠頭を出て、潮が変わるまで戻らないと述べた。",
    "euc-kr": "항구의 노동자들은 새벽에 부두를 떠나 조수가 바뀔 때까지 돌아오지 않겠다고 말했다. ",
    "cp1256": "خرج عمال الميناء من الأحواض عند الفجر وقالوا إنهم سيبقون حتى يتحول المد. ",
    "iso8859-7": "Οι λιμενεργάτες βγήκαν από τις αποβάθρες την αυγή και είπαν ότι θα μείνουν. ",
    "cp1255": "עובדי הנמל יצאו מהרציפים עם שחר ואמרו שיישארו עד שהגאות תשתנה. ",
}


def page_of(text: str, head: str = "") -> str:
    return f"<html><head><title>Dock</title>{head}</head><body><p>{text * 6}</p></body></html>"


@pytest.mark.parametrize("charset", TEXTS)
@pytest.mark.parametrize("label", ["its own", None, "utf-8", "iso-8859-1"])
def test_text_of_another_alphabet_is_read_whatever_the_header_says(charset: str, label: str | None) -> None:
    page = page_of(TEXTS[charset])

    assert decode_text(page.encode(charset), charset if label == "its own" else label) == page


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [LATIN, TEXTS["gb18030"], TEXTS["cp1251"]])
@pytest.mark.parametrize("label", [None, "utf-8", "utf-16", "iso-8859-1"])
def test_wide_text_is_read_with_and_without_a_byte_order_mark(
    charset: str, text: str, label: str | None
) -> None:
    page = page_of(text)

    assert decode_text(page.encode(charset), label) == page


@pytest.mark.parametrize("label", ["utf-8", "utf-16", "x-unheard-of", "hex", "cp1252", ""])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_label_in_the_page_that_is_wrong_does_no_harm(label: str, charset: str) -> None:
    page = page_of(LATIN, f'<meta charset="{label}">')

    assert decode_text(page.encode(charset), None) == page


def test_declared_utf_7_is_read() -> None:
    page = page_of(LATIN, '<meta charset="utf-7">')

    assert decode_text(page.encode("utf-7"), None) == page


def test_a_character_cut_in_two_at_the_end_costs_only_itself() -> None:
    assert decode_text(page_of(LATIN).encode() + "é".encode()[:1], None).startswith(page_of(LATIN))


def test_a_pasted_quotation_mark_in_utf_8_is_read() -> None:
    damaged = page_of(LATIN).encode().replace(b"l'aube", b"l\x92aube", 1)

    assert "l’aube" in decode_text(damaged, "utf-8")
    assert "quitté" in decode_text(damaged, "utf-8")


def test_halves_of_a_pair_that_were_encoded_apart_are_joined_and_a_lone_one_goes() -> None:
    halves = "\ud83d\ude80".encode("utf-8", "surrogatepass")

    assert decode_text(b"rocket " + halves + " café".encode(), None) == "rocket 🚀 café"
    assert decode_text(b"rocket " + halves[:3] + b" left", None) == "rocket  left"


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff\x00"]
)
def test_a_handful_of_bytes_is_some_text(body: bytes) -> None:
    assert isinstance(decode_text(body, "utf-16"), str)
