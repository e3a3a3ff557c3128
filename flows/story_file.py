"""Story files on disk: read one, with the texts it points to; write a new one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.agencies import Agency, parse_agencies
from pipelines.site_rules_toml import parse_site_rules
from pipelines.story import SiteRule, Story
from pipelines.story_toml import StoryError, StoryFault, parse_story
from spiders.rendering import MISSING, is_browser_installed

MAX_LIKE_BYTES = 1 << 20  # a text of the story itself; a megabyte is 150,000 words

TEMPLATE = """\
# A story for wirecopy: what to look for, and where. `wirecopy check {name}.toml` says what a run would do.

[story]
name  = "{name}"               # short, lower case; names the story in every table
title = "{title}"
since = {since}               # first day of the coverage; UTC unless you write a time with a zone
# until = {until}             # last day, included; left out, the story stays open

[match]                        # tested on headline and clean text, never on menus and sidebars
# Every entry of `all` must occur; | separates alternatives. A term stands for whole words (and their
# plural); a * at its end lets any ending follow. Case and accents don't matter.
all = ["{first_term}"]
# any  = ["dockers", "port authority"]     # at least one of these
# none = ["football"]                      # none of these
# like = ["examples/agency-text.txt"]      # a text of the story: whatever shares a tenth of it counts as well

[sources]
# seeds    = ["https://…/the-article-that-started-it"]   # taken as relevant
feeds    = []                  # RSS or Atom
sitemaps = []                  # sitemap or news sitemap
# sites  = ["https://harbour-post.example/"]             # finds the feeds and sitemaps by itself
# searches = ["gdelt", "wayback"]                        # one more way to find URLs; also gdelt-gal

[fetch]                        # polite unless you say otherwise
# contact            = "you@example.org"   # in the User-Agent: lets a site owner reach you
# delay_seconds      = 1.0                 # between two requests to a host
# max_pages_per_host = 500

# [polling]
# max_hours = 24           # scheduled runs look at a quiet source at least this often

# [copies]
# look_back_days = 90      # compare with what appeared so many days before; left out, with everything

# [clean]
# site_rules = "site-rules.toml"           # what you know of single sites: body, junk, time zone, name
# agencies   = "agencies.toml"             # news agencies beside those that wirecopy knows
"""


class UnreadableStory(Exception):
    """The story file, or a file it points to, can't be read; the message says what to do."""


def read_story(path: Path) -> Story:
    """Read and check a story file; the texts of `match.like` are read in, paths relative to the file.

    Raises:
        UnreadableStory: no such file, or no permission.
        StoryError: the content is wrong.
    """
    try:
        source = path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableStory(f"{path} is a folder; name a story file, e.g. story.toml") from error
    except FileNotFoundError as error:
        raise UnreadableStory(
            f"{path}: no such story file; `wirecopy new NAME` writes one to start from"
        ) from error
    except OSError as error:
        raise UnreadableStory(f"{path} can't be read: {error.strerror}") from error
    story = parse_story(source, str(path))
    texts = tuple(_read_like(path, name) for name in story.match.like)
    rules_file = story.clean.site_rules_file
    rules = _read_site_rules(path, rules_file) if rules_file is not None else ()
    agencies_file = story.clean.agencies_file
    agencies = _read_agencies(path, agencies_file) if agencies_file is not None else ()
    archives = tuple(str((path.parent / pattern).resolve()) for pattern in story.sources.archives)
    return replace(
        story,
        match=replace(story.match, like=texts),
        sources=replace(story.sources, archives=archives),
        clean=replace(story.clean, site_rules=rules, agencies=agencies),
    )


def read_story_to_fetch(path: Path) -> Story:
    """A story file that names at least one source to ask.

    Raises:
        UnreadableStory, StoryError: as `read_story`; or there is nothing to ask.
    """
    story = read_story(path)
    sources = story.sources
    named = (sources.seeds, sources.feeds, sources.sitemaps, sources.sites)
    if not any((*named, sources.searches, sources.archives)):
        raise UnreadableStory(
            f"{path}: names no source to fetch from; add a seed, feed, sitemap, site, search or archive "
            f"under [sources] (local material goes in by: wirecopy ingest PATH --story {path})"
        )
    if story.fetch.render and not is_browser_installed():
        raise UnreadableStory(f"{path}: fetch.render {MISSING}")
    return story


def _read_site_rules(story_path: Path, name: str) -> tuple[SiteRule, ...]:
    path = story_path.parent / name
    return parse_site_rules(_read_named(story_path, path, "clean.site_rules"), str(path))


def _read_agencies(story_path: Path, name: str) -> tuple[Agency, ...]:
    path = story_path.parent / name
    content = _read_named(story_path, path, "clean.agencies")
    try:
        return parse_agencies(content.decode("utf-8-sig"))
    except ValueError as error:
        raise StoryError(str(path), (StoryFault(None, "agency", str(error)),)) from error


def _read_like(story_path: Path, name: str) -> str:
    content = _read_named(story_path, story_path.parent / name, "match.like")
    return content[:MAX_LIKE_BYTES].decode("utf-8", "replace")


def _read_named(story_path: Path, path: Path, key: str) -> bytes:
    """A file that a story file names under a key."""
    try:
        return path.read_bytes()
    except OSError as error:
        fault = StoryFault(None, key, f"{path.name!r} can't be read ({error.strerror}); looked for {path}")
        raise StoryError(str(story_path), (fault,)) from error
