"""The table of news agencies: their normal names, what they are called, and their own sites."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from pipelines.credit_forms import leading_words, trailing_role, writer_follows

MAX_SHORT_ALIAS = 5  # letters; so short a name must be written exactly: "AP" is an agency, "ap" is not
MIN_MENTION = 3  # ideographs; a shorter name is a word of the language as well
NAME_ENDING = re.compile(
    r"(?:\.(?:com|net|org|[a-z]{2})|,?\s+(?:19|20)\d{2}|,?\s+(?:GmbH|L(?:\.?P)?|LLC|Inc|Ltd|S\.?A|S\.?p\.?A|AG|Co))$",
    re.IGNORECASE,
)
MAX_PEELS = 5  # words around a name that are taken off one by one
# scripts without spaces have no word borders, and Semitic prefixes are glued on
GLUED = re.compile(r"[\u0590-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
STRIPPED = " \t.,;:–—-/()[]<>*©ⓒ（）【】［］\u3000\u200e\u200f"


@dataclass(frozen=True, slots=True)
class Agency:
    name: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgencyTable:
    """Agencies to look up by what a page calls them. Later entries go before earlier ones."""

    agencies: tuple[Agency, ...]

    def named(self, text: str) -> str | None:
        """The agency whose name is the whole of `text`, but for articles and roles around it."""
        bare = text.strip(STRIPPED)
        for _ in range(MAX_PEELS):
            found = self._exact.get(bare) or (self._folded.get(_fold(bare)) if _is_long(bare) else None)
            shorter = trailing_role().sub("", leading_words().sub("", bare))
            shorter = NAME_ENDING.sub("", shorter).strip(STRIPPED)
            if found is not None or shorter == bare:
                return found
            bare = shorter
        return None

    def signing(self, text: str) -> str | None:
        """The agency whose writer a name is: "Agency writer Ann Roe", "新华社记者张三"."""
        match = self._pattern.match(leading_words().sub("", text.strip(STRIPPED)))
        if match is None or not writer_follows().match(match.string, match.end()):
            return None
        return self.named(match.group())

    def closing(self, text: str) -> str | None:
        """The agency whose long name a line of names ends in: "Ann Roe Associated Press"."""
        bare = NAME_ENDING.sub("", text.strip(STRIPPED)).strip(STRIPPED)
        found = [match for match in self._pattern.finditer(bare) if match.end() == len(bare)]
        return self.named(found[-1].group()) if found and _is_long(found[-1].group()) else None

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Agencies whose names occur in `text` as whole words, in order of occurrence."""
        found = [self.named(match.group()) for match in self._pattern.finditer(text)]
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def of_outlet(self, outlet: str) -> str | None:
        """The agency whose own site this registered domain is."""
        return self._domains.get(outlet)

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {alias: agency.name for agency in self.agencies for alias in (*agency.aliases, agency.name)}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_fold(alias): name for alias, name in self._exact.items() if _is_long(alias)}

    @cached_property
    def _domains(self) -> dict[str, str]:
        return {domain: agency.name for agency in self.agencies for domain in agency.domains}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        wanted = [alias for alias in self._exact if len(alias) >= MIN_MENTION or alias.isascii()]
        spaced = [alias for alias in wanted if not GLUED.search(alias)]
        glued = [alias for alias in wanted if GLUED.search(alias)]
        return re.compile(rf"(?<!\w)(?:{_by_first_letter(spaced)})(?!\w)|{_by_first_letter(glued) or '(?!)'}")


def parse_agencies(toml_text: str) -> tuple[Agency, ...]:
    """The agencies of a table in TOML.

    Raises:
        ValueError: no TOML, a table or key that is unknown, or an entry without a name.
    """
    tables = tomllib.loads(toml_text)
    unknown = sorted(tables.keys() - {"agency"})
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; a table of agencies has [[agency]] entries only")
    rows = tables.get("agency", [])
    if not isinstance(rows, list):
        raise ValueError("agency must be a list of tables: write [[agency]] over each entry")
    return tuple(_read_agency(row) for row in rows)


@cache
def default_agencies() -> AgencyTable:
    """The table that comes with the package."""
    source = files("pipelines").joinpath("data", "agencies.toml")
    return AgencyTable(parse_agencies(source.read_text(encoding="utf-8")))


@cache
def agencies_with(more: tuple[Agency, ...]) -> AgencyTable:
    """The package's table with a user's entries; the same one for the same entries."""
    return extend_agencies(default_agencies(), more) if more else default_agencies()


def extend_agencies(table: AgencyTable, more: Iterable[Agency]) -> AgencyTable:
    """The table with further agencies; a name that is known already is replaced."""
    added = tuple(more)
    replaced = {agency.name for agency in added}
    return AgencyTable((*(agency for agency in table.agencies if agency.name not in replaced), *added))


def _read_agency(row: object) -> Agency:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise ValueError(f"an agency needs a name: {row!r}")
    unknown = sorted(row.keys() - {"name", "aliases", "domains", "languages"})
    if unknown:
        raise ValueError(f"agency {row['name']}: unknown key {unknown[0]!r}")
    lists = {key: row.get(key, []) for key in ("aliases", "domains", "languages")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise ValueError(f"agency {row['name']}: {key} must be a list of strings")
    return Agency(row["name"], tuple(lists["aliases"]), tuple(lists["domains"]), tuple(lists["languages"]))


def _is_long(alias: str) -> bool:
    return len(alias) > MAX_SHORT_ALIAS


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _by_first_letter(aliases: Iterable[str]) -> str:
    """The aliases as alternatives, longest first, grouped by their first letter: many times faster to try."""
    groups: dict[str, list[str]] = {}
    for alias in sorted(aliases, key=len, reverse=True):
        groups.setdefault(alias[0], []).append(re.escape(alias[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in groups.items())
