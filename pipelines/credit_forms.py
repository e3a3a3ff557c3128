"""The forms in which texts name their source: datelines, tails, copyright lines, picture credits."""

from __future__ import annotations

import re

SPLIT = re.compile(
    r"\s*(?:[,/|;•·&+()\[\]]|\s[-–—]\s"
    r"|\b(?:and|with|via|und|mit|sowie|et|avec|y|con|e|com|och|og|en|met|i|oraz|и|та|ve)\b)\s*",
    re.IGNORECASE,
)
DASH = r"(?:\s*[-–—―‒]{1,3}|\s*[.:])"
# "HARBOURTOWN, 3 May (Agency) —" and "/Agency/."; the place keeps to one line and has no sentence in it
PLACE = r"(?P<place>[^\W\d_][^()\[\]/\n!?;:]{1,70}?)"
DATELINE = re.compile(
    rf"^\W{{0,3}}{PLACE}\s*[,.]?\s*"
    rf"(?:\((?P<round>[^()]{{2,40}})\)|/(?P<slash>[^/]{{2,40}})/|\[(?P<square>[^\[\]]{{2,40}})\]){DASH}"
)
AGENCY_FIRST = re.compile(r"^[(\[【（](?P<inside>[^()\[\]【】（）]{2,40})[)\]】）]")
# "PLACE, 3 May - Agency." and "PLACE. 3 May. AGENCY -": known agencies only
BARE_DATELINE = re.compile(
    rf"^{PLACE}(?:\s+[-–—]\s+|\.\s+)(?P<bare>[^\W\d_][\w. ]{{1,24}}?)(?:\.\s|\s+[-–—]|\s*:)"
)
RUN_ON = re.compile(
    r"^\W{0,2}(?P<run>[\u3400-\u9fff]{2,8}?社)[\u3400-\u9fff]{1,12}?\d{0,2}月?\d{0,2}日?[电電]"
)
CONTRIBUTED = re.compile(
    r"(?:^|[.;:]\s)(?P<names>[^.;:]{2,160}?)\s+(?:has |have )?(?:also )?contributed (?:\w+ )?to (?:this|the) "
    r"(?:report|story|article)",
)
SOURCE = re.compile(
    r"(?:^|[.(\[|–—\s-])(?:sources?|source\(s\)|quellen?|fonte|fonti|fuentes?|bron|kilde|källa|lähde|źródło|zdroj"
    r"|forrás|sursa|kaynak|источник|джерело|πηγή|المصدر|منبع|来源|來源|출처|ソース|sumber|nguồn)"
    r"\s*[:：]\s*(?P<names>[^.\n)\]]{2,80})",
    re.IGNORECASE,
)
WITH_MATERIAL = re.compile(
    r"(?:with (?:inputs?|files?|reports?|reporting|material|additional reporting|information)? ?(?:from|by)"
    r"|this (?:story|article|report) (?:was|is) (?:first |originally )?(?:published|provided|written) by"
    r"|additional reporting by|mit (?:material|informationen)? ?(?:von|der)|\(mit |avec (?:l['’])?"
    r"|con informaci[oó]n de|com informa[cç][oõ]es (?:da|de)|met medewerking van|med material fr[aå]n)"
    r"\s*(?P<names>[^.;\n)]{2,100})",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|&copy;)\s*(?:copyright\s*)?(?:\d{4}(?:\s*[-–]\s*\d{4})?)?,?\s*(?:by\s+)?"
    r"(?P<names>[^.\n]{2,90})",
    re.IGNORECASE,
)
REPORTING = re.compile(r"\b(?:reporting|writing|editing|compiled|translated) by\b", re.IGNORECASE)
CLOSING_MARK = re.compile(r"[(/\[（【]\s*(?P<names>[^()/\[\]（）【】]{2,40})\s*[)/\]）】]\s*[.。]?$")
AGENCIES_UNNAMED = re.compile(
    r"\b(?:news )?agencies\b|\bwire (?:services|reports)\b|agenturen|agenturmaterial|\bagences\b|\bagencias\b"
    r"|\bagências\b|\bagenzie\b|агентств|وكالات|خبرگزاری|agentury|agencje|ajanslar|byråer|bureauer|persbureaus",
    re.IGNORECASE,
)
AGENCY_WORD = re.compile(
    r"\b(?:\w*wire|press|presse|prensa|agency|agentur|agence|agencia|agenzia|news service|newswire)\b",
    re.IGNORECASE,
)
PLAIN_NAME = re.compile(r"(?:[^\W\d_][\w.'’&-]*)(?: [^\W\d_][\w.'’&-]*){0,3}")
# "© Agency / Ann Roe" and "© Photo: Agency" stand under pictures
PICTURE_MARK = re.compile(r"\s/\s|\b(?:photo|foto|picture|image|bild|getty)", re.IGNORECASE)
IMAGE_CREDIT = re.compile(
    r"(?:photo|foto|photograph|picture|image|bild|photographie|imagen|фото|写真|사진|صورة|圖|图)\b.{0,60}",
    re.IGNORECASE,
)
