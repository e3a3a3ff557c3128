"""Who was first and whose text it is, on generated families: wrong arrows, and the decidable ones claimed.

Run as `python -m tests.benchmarks.bench_direction [--families 500]`. In each family an outlet or an agency
writes a text, others take it over hours or days later; dates are exact, without a zone, days only or missing.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace

from pipelines.copies import compare_articles
from pipelines.direction import is_before
from pipelines.records import ComparedArticle, Direction
from tests.pipelines.copies_material import invent_paragraphs, make_article

COPIES = 4
AGENCY, AGENCY_SITE = "AP", "apnews.com"
HOURS_BETWEEN = (0.1, 1.0, 6.0, 30.0, 100.0)


@dataclass(slots=True)
class Score:
    """Pairs counted; an arrow says that one took from the other, not that both ran an agency."""

    arrows: int = 0
    wrong_arrows: int = 0
    decidable: int = 0
    claimed: int = 0
    common: int = 0
    common_claimed: int = 0
    wrong_common: int = 0
    undecidable: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=500)
    score = measure(parser.parse_args().families)
    print(
        f"arrows {score.arrows:,}, wrong {score.wrong_arrows}; decidable pairs {score.decidable:,}, "
        f"claimed {score.claimed / score.decidable:.4f}; both ran the agency {score.common:,}, "
        f"claimed {score.common_claimed / score.common:.4f}, wrongly {score.wrong_common}; "
        f"undecidable {score.undecidable:,}"
    )


def measure(families: int) -> Score:
    score = Score()
    for seed in range(families):
        score_family(seed, score)
    return score


def score_family(seed: int, score: Score) -> None:
    source = random.Random(seed)
    is_wire = source.random() < 0.5
    hours = [0.0]
    for _ in range(COPIES):
        hours.append(hours[-1] + source.choice(HOURS_BETWEEN))
    text = invent_paragraphs(seed, 5)
    articles = [make_version(place, hour, text, source, is_wire=is_wire) for place, hour in enumerate(hours)]
    true_hours = {article.article_id: hour for article, hour in zip(articles, hours, strict=True)}
    known = {article.article_id: article for article in articles}
    for copy in compare_articles(articles).copies:
        one, other = known[copy.article_id], known[copy.source_id]
        is_common = AGENCY in one.agencies and AGENCY in other.agencies
        is_arrow = copy.direction is Direction.SOURCE_FIRST and copy.common_agency is None
        is_decidable = not is_common and (is_before(one, other) or is_before(other, one))
        score.arrows += is_arrow
        score.wrong_arrows += is_arrow and true_hours[copy.source_id] >= true_hours[copy.article_id]
        score.decidable += is_decidable
        score.claimed += is_decidable and is_arrow
        score.common += is_common
        score.common_claimed += is_common and copy.common_agency == AGENCY
        score.wrong_common += copy.common_agency is not None and not is_common
        score.undecidable += not is_common and not is_decidable


def make_version(
    place: int, hour: float, text: list[str], source: random.Random, *, is_wire: bool
) -> ComparedArticle:
    """The first is the agency's own page or the author's; of the agency's text some credit it."""
    outlet = AGENCY_SITE if is_wire and not place else f"outlet{place}.example"
    credits = is_wire and (not place or source.random() < 0.6)
    day = hour // 24 * 24
    interval = source.choice([None, (hour, hour), (hour, hour), (hour - 12, hour + 14), (day - 14, day + 36)])
    cut = text if not place else text[: source.randint(3, 5)]
    made = make_article(f"a{source.randint(0, 10**6):06}{place}", cut, outlet=outlet, hours=interval)
    return replace(made, agencies=(AGENCY,) if credits else ())


if __name__ == "__main__":
    main()
