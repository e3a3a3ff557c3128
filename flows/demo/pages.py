"""The HTML pages of the demo press, from its content and the templates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.demo.content import Outlet, Press, PressArticle

RELATED_LINKS = 4
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
DAYS = {
    "en": "{day} {month} {year}",
    "de": "{day}. {month} {year}",
    "fr": "{day} {month} {year}",
    "es": "{day} de {month} de {year}",
}
CLOCKS = {"en": ", {clock}", "de": ", {clock} Uhr", "fr": " à {clock}", "es": ", {clock}"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the press answers: its port (empty: the usual one), and what a browser adds to host names."""

    port: str
    suffix: str = ""

    def base(self, outlet: Outlet) -> str:
        """Scheme and authority of an outlet's URLs."""
        return f"http://{outlet.host}{self.suffix}" + (f":{self.port}" if self.port else "")

    def url(self, outlet: Outlet, path: str) -> str:
        """The full URL of a path."""
        return self.base(outlet) + path


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as a site writes it: for machines (ISO 8601, or the day) and for people."""

    iso: str
    human: str


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


def render_article(press: Press, article: PressArticle, address: Address) -> str:
    """An article's page in the look of its outlet."""
    return _render_article(press, article, address, is_amp=False)


def render_amp(press: Press, article: PressArticle, address: Address) -> str:
    """The variant for telephones, which names the ordinary page as its canonical one."""
    return _render_article(press, article, address, is_amp=True)


def render_listing(press: Press, outlet: Outlet, path: str, title: str, address: Address) -> str:
    """A page that only lists headlines."""
    links = [_link(article, address) for article in _public(press.articles_of(outlet), outlet)]
    others = [press.articles_of(other)[-1] for other in press.outlets if other != outlet]
    return render_template(
        "listing.html.j2",
        site=outlet,
        title=title,
        url=address.url(outlet, path),
        base=address.base(outlet),
        links=links,
        elsewhere=[_link(article, address) for article in others] if path != "/" else [],
    )


def render_index(press: Press, address: Address) -> str:
    """The way in for people: all outlets on one page."""
    links = [Link(outlet.name, address.url(outlet, "/")) for outlet in press.outlets]
    return render_template("index.html.j2", links=links)


def write_stamp(moment: datetime | date, outlet: Outlet, language: str) -> Stamp:
    """A time in the zone and language of the page; a plain date stays a day."""
    local = moment.astimezone(_zone(outlet)) if isinstance(moment, datetime) else moment
    month = MONTHS[language].split()[local.month - 1]
    human = DAYS[language].format(day=local.day, month=month, year=local.year)
    if isinstance(local, datetime):
        human += CLOCKS[language].format(clock=local.strftime("%H:%M"))
    return Stamp(local.isoformat(), human)


def _render_article(press: Press, article: PressArticle, address: Address, *, is_amp: bool) -> str:
    outlet = article.outlet
    published, modified = (
        write_stamp(moment, outlet, article.language) if moment else None
        for moment in (article.published, article.modified)
    )
    url = address.url(outlet, article.path)
    return render_template(
        f"{outlet.template}.html.j2",
        site=outlet,
        article=article,
        url=url,
        base=address.base(outlet),
        amp_url=address.url(outlet, article.amp_path) if article.amp_path else None,
        is_amp=is_amp,
        published=published,
        modified=modified,
        related=_related(press, article, address),
        jsonld=_write_jsonld(article, url, published, modified),
    )


def _related(press: Press, article: PressArticle, address: Address) -> list[Link]:
    """Headlines beside the article; those of the story come first, as they would."""
    others = [
        other for other in _public(press.articles_of(article.outlet), article.outlet) if other != article
    ]
    others.sort(key=lambda other: not other.is_story)
    return [_link(other, address) for other in others[:RELATED_LINKS]]


def _public(articles: tuple[PressArticle, ...], outlet: Outlet) -> list[PressArticle]:
    return [article for article in articles if not article.path.startswith(outlet.disallow or ("\0",))]


def _link(article: PressArticle, address: Address) -> Link:
    return Link(article.title, address.url(article.outlet, article.path))


def _write_jsonld(
    article: PressArticle, url: str, published: Stamp | None, modified: Stamp | None
) -> Markup | None:
    """The page's JSON-LD, safe inside a script element; None where the outlet has none."""
    if "jsonld" not in article.outlet.dates or published is None:
        return None
    values: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": article.title,
        "datePublished": published.iso,
        "dateModified": (modified or published).iso,
        "author": [_write_author(name, article) for name in (article.byline or "").split(" and ")],
        "publisher": {"@type": "NewsMediaOrganization", "name": article.outlet.name},
        "inLanguage": article.language,
        "isAccessibleForFree": not article.is_paywalled,
    }
    if article.subtitle:
        values["description"] = article.subtitle
    if article.section:
        values["articleSection"] = article.section
    page = {"@type": "WebPage", "@id": url, "url": url, "name": f"{article.title} – {article.outlet.name}"}
    document = {"@graph": [page, values]} if article.outlet.jsonld == "graph" else values
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c"))


def _write_author(name: str, article: PressArticle) -> dict[str, str]:
    return {"@type": "Organization" if name in article.agencies else "Person", "name": name}


def _zone(outlet: Outlet) -> timezone:
    hours, minutes = outlet.zone[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return UTC if not offset else timezone(-offset if outlet.zone.startswith("-") else offset)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("flows.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_template(name: str, **values: object) -> str:
    """A template of this folder, filled in; everything is escaped unless it is marked as safe."""
    return _environment().get_template(name).render(**values)
