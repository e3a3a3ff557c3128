"""/.well-known/tdmrep.json of the TDM Reservation Protocol: which paths of a site reserve their rights."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pipelines.robots_txt import Rule, escape_octets, path_of

TDMREP_PATH = "/.well-known/tdmrep.json"
MAX_TDM_RULES = 1000  # a rule a section; more is no statement that a person made
MAX_POLICY_CHARS = 500


@dataclass(frozen=True, slots=True)
class TdmRule:
    """One statement: the paths that `location` matches reserve text and data mining, or don't."""

    location: Rule
    is_reserved: bool
    policy: str | None = None


def read_tdmrep(body: bytes) -> tuple[TdmRule, ...]:
    """The statements of a file, in its order; those that can't be read are left out. Never raises."""
    try:
        entries = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(entries, list):
        return ()
    return tuple(rule for entry in entries[:MAX_TDM_RULES] if (rule := _read_entry(entry)) is not None)


def tdm_rule_of(url: str, rules: tuple[TdmRule, ...]) -> TdmRule | None:
    """The first statement that speaks of a URL."""
    path = escape_octets(path_of(url))
    return next((rule for rule in rules if rule.location.matches(path)), None)


def _read_entry(entry: object) -> TdmRule | None:
    if not isinstance(entry, dict):
        return None
    location, reservation = entry.get("location"), entry.get("tdm-reservation")
    if not isinstance(location, str) or not location or str(reservation) not in ("0", "1"):
        return None
    policy = entry.get("tdm-policy")
    shown = policy[:MAX_POLICY_CHARS] if isinstance(policy, str) and policy else None
    return TdmRule(Rule(True, escape_octets(location)), str(reservation) == "1", shown)
