"""From a flattened page of plain text to the article."""

from __future__ import annotations

from pipelines.agencies import AgencyTable
from pipelines.credits import CreditSources, agencies_of, read_credits
from pipelines.date_choice import choose_modified, choose_published
from pipelines.dates import read_url_date
from pipelines.flattened import clean_flattened
from pipelines.language import detect_language
from pipelines.page_parts import MIN_WORDS, hint_times, outlet_for, running_text_of, texts_of
from pipelines.page_times import latest_believable
from pipelines.people import split_names
from pipelines.records import Article, Capture, FlattenedPage, Reason, Rejected
from pipelines.text_shape import count_words
from pipelines.urls import canonicalize_url


def read_flattened(capture: Capture, text: str, agencies: AgencyTable | None = None) -> Article | Rejected:
    """A page of plain text. What its source says about it goes before what its lines say."""
    if not text.strip():
        return Rejected(capture.url, Reason.NOT_ARTICLE, "no text")
    flat: FlattenedPage = clean_flattened(text)
    words = count_words("\n".join(texts_of(flat.paragraphs)))
    if words < MIN_WORDS:
        return Rejected(capture.url, Reason.TOO_SHORT, f"{words} words, the least is {MIN_WORDS}")
    url = canonicalize_url(capture.final_url)
    outlet = outlet_for(capture, url, None)
    signals = [*hint_times(capture), flat.published, read_url_date(url)]
    times = tuple(dict.fromkeys(signal for signal in signals if signal is not None))
    not_after = latest_believable(capture.fetched_at)
    credits = read_credits(
        CreditSources(
            byline_raw=flat.byline_raw,
            paragraphs=texts_of(running_text_of(flat.paragraphs)),
            removed=tuple(block.text for block in flat.removed if len(block.text) <= 300),
            own_names=tuple(name for name in (capture.hints.outlet, outlet) if name),
        ),
        agencies,
    )
    return Article(
        url=url,
        canonical_url=None,
        outlet=outlet,
        outlet_name=capture.hints.outlet,
        title=capture.hints.title or flat.title,
        subtitle=flat.subtitle,
        byline_raw=flat.byline_raw,
        authors=tuple(split_names(flat.byline_raw or "")),
        agencies=agencies_of(credits),
        published=choose_published(times, not_after),
        modified=choose_modified(times, not_after),
        language=detect_language("\n".join(texts_of(flat.paragraphs))),
        section=None,
        tags=(),
        image_url=None,
        is_paywalled=None,
        paragraphs=flat.paragraphs,
        removed=flat.removed,
        time_signals=times,
        credit_signals=credits,
    )
