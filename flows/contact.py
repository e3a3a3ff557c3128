"""Who asks: the name under which pages are fetched."""

from __future__ import annotations

import os
import re
from importlib.metadata import version

from pipelines.story import Story

CONTACT_VARIABLE = "WIRECOPY_CONTACT"  # for all stories of a machine that name nobody
NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]+")  # a header line holds nothing else


def user_agent(story: Story) -> str:
    """Who we are, and how a site owner reaches the person behind it."""
    contact = story.fetch.contact or os.environ.get(CONTACT_VARIABLE, "")
    named = NOT_PRINTABLE.sub(" ", contact).strip()
    return f"wirecopy/{version('wirecopy')} (news research{f'; {named}' if named else ''})"
