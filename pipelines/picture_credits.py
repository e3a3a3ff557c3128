"""Whether a text says whose picture it stands below."""

from __future__ import annotations

import re

PICTURE_CREDIT = re.compile(
    r"©|\((?:[^()]{0,40}\b)?(?:photo|foto|via|images?)\b[^()]{0,60}\)|\b(?:photo|foto|bild|crédit|credit)s?\s*[:/]",
    re.IGNORECASE,
)
CREDIT_MARKS = "©(:/"  # one of which every text that fits holds
MAX_CAPTION_WORDS = 60
MAX_CREDIT_WORDS = 12
_PICTURE = (
    r"(?:images?|pictures?|photos?|photographs?|fotos?|fotografía|bild(?:er)?|grafik|illustration|imagem"
    r"|imagen|immagine|zdjęcie|kuva|kép|фото|写真|图片|圖片|사진)"
)
# a caption closes with its picture's owner: (Image: …), (AP Photo/…), [Photo by …]
_CAPTION_END = re.compile(
    rf"[(\[](?:[^()\[\]]{{0,30}}\b)?{_PICTURE}"
    r"(?:\s?[:/]\s?| (?:by|credit|courtesy|via|von|de|di|par)\b)[^()\[\]]{1,80}[)\]]\W*$",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    rf"\W*{_PICTURE}(?: (?:credit|source|courtesy|by))*\s*[:：/|©]\s*\w.*", re.IGNORECASE
)


def names_owner(text: str) -> bool:
    """Whether a text says somewhere who took a picture."""
    return any(mark in text for mark in CREDIT_MARKS) and PICTURE_CREDIT.search(text) is not None


def closes_with_credit(text: str, words: int) -> bool:
    """Whether a text is a caption that ends with its picture's owner."""
    return (
        words <= MAX_CAPTION_WORDS
        and text[-3:].rstrip(" .")[-1:] in (")", "]")
        and bool(_CAPTION_END.search(text))
    )


def is_credit_line(text: str, words: int) -> bool:
    """Whether a short text names a picture's owner and no more."""
    return words <= MAX_CREDIT_WORDS and _CREDIT_LINE.fullmatch(text) is not None
