"""All searches by the name that a story file calls them; docs/adding-a-source.md adds one."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.search import Search
from pipelines.search_gal import GdeltArticleList
from pipelines.search_gdelt import GdeltDoc
from pipelines.search_wayback import REPLAY_NAME, Wayback

_ALL: tuple[Search, ...] = (GdeltDoc(), GdeltArticleList(), Wayback())
SEARCHES: Mapping[str, Search] = {search.name: search for search in _ALL}
ENDPOINT_NAMES = (*SEARCHES, REPLAY_NAME)  # what `search_endpoints` may name
