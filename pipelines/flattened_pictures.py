"""Lines of a flattened page that belong to a picture: its credit, or its caption with the credit."""

from __future__ import annotations

import re

MAX_CHARS = 450  # captions of agencies with place, date and credit
MAX_CREDIT_CHARS = 90

_LIBRARIES = (
    r"getty images|gettyimages|getty|shutterstock|istock(?:photo)?|alamy|unsplash|pixabay|pexels|"
    r"imago(?: images)?|"
    r"picture alliance|picture-alliance|wikimedia(?: commons)?|depositphotos|adobe ?stock|stock\.adobe\.com"
)
_AGENCIES = (
    r"reuters|associated press|ap|afp|epa|dpa|ansa|efe|pap|ntb|anp|"
    r"tass|xinhua|sputnik|pa(?: (?:media|wire|images))?|bloomberg|"
    r"keystone|apa|belga|lusa|afp photo|ap photo|ap images|zuma(?: press)?|sipa|pool|handout|agencies"
)
_WORD_FOR_PICTURE = (
    r"photo(?:graph|graphy)?s?|pictures?|pics?|images?|credits?|photo credit|image credit|video|"
    r"fotos?|bild(?:er)?|bildquelle|crédits?(?: photo)?|"
    r"fotografía|fotografia|imagem|immagine|imagen|kuva|zdjęcie|fot|фото|"
    r"fotoğraf|illustrations?|photo illustration|cartoon|grafik|graphic"
)
_START = re.compile(
    rf"[\[(]?\s*(?:file (?:photo|image|picture)\b|file\s?[-–—]\s|archivbild\b|symbolbild\b|"
    rf"(?:{_WORD_FOR_PICTURE})\s?(?::|：|\||©|\bby\b|\bvia\b|\bcourtesy\b|(?:source|copyright|caption|credit)\b)|"
    rf"(?:image|picture|photo) (?:source|copyright|caption|credit)\b|item \d+ of \d+\b|\[\d+/\d+\]|"
    rf"(?:ap|afp|epa|reuters|pa) (?:photo|images?)\b|"
    r"fot\.\s|"
    rf"(?:©|\(c\))\s?(?:фото|foto|photo)|图片来源|图源|(?:{_LIBRARIES})\W*$)",
    re.IGNORECASE,
)
_END = re.compile(
    rf"(?:(?:hide|toggle) caption|purchase licensing rights(?:, opens new tab)?|copy link to cartoon|"
    rf"(?:^|[\s(\[|,;])(?:{_WORD_FOR_PICTURE})\s?(?::|：|\.{{3}}|…|©)\s?[^:!?]{{2,80}}|"
    rf"[(\[](?:[^()\[\]]*[\s/:,|])?(?:{_LIBRARIES})(?:[\s/:,|][^()\[\]]*)?[)\]]|"
    rf"[(\[][^()\[\]]*(?:photo|foto|image|courtesy|handout|file)[^()\[\]]*[)\]]|"
    rf"(?:^|[^\w])©\s?[^.!?©]{{2,80}}|"
    rf"\S\s?[/|]\s?(?:{_LIBRARIES}|{_AGENCIES})(?:[/,]\s?\w+)?(?:\s(?:photo|images?|file))?[)\]]?|"
    rf"(?:via|/)\s?(?:{_LIBRARIES}))\W*$",
    re.IGNORECASE,
)
_SLASHED_NAMES = re.compile(
    r"[(\[][A-Z][\w.'-]+ [A-Z][\w.' -]+/[A-Z][\w.' -]+[)\]]\W*$|\bREUTERS/[A-Z][\w.' -]+$"
)


def is_picture_line(text: str) -> bool:
    """Whether a line is a picture's credit, or a caption that begins or ends with one."""
    if len(text) > MAX_CHARS:
        return False
    if _START.match(text):
        return True
    tail = text[-MAX_CREDIT_CHARS:]
    return _END.search(tail) is not None or _SLASHED_NAMES.search(tail) is not None
