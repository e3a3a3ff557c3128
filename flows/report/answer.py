"""The story's answer in words, generated from the data; nothing is claimed that the data don't prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.report.ownership import Basis, name_of
from flows.report.sheets import Share, counted, minute, moment, percent, thousands
from flows.report.story import Story
from warehouse.story_report import ReportArticle

NAMED_RIVALS = 2  # who may have been first as well; the others are counted
EXACT = ("second", "minute")  # precisions that name a moment
MOST = 0.5  # of all words: then "most of it" is true
SIGNALS = {
    "jsonld": "by the page's own data",
    "meta": "by the page's own data",
    "microdata": "by the page's own data",
    "time": "by the date on the page",
    "text": "by the date in the text",
    "url": "by its address",
    "feed": "by its feed",
    "sitemap": "by its sitemap",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    value: str
    label: str


def answer_sentences(story: Story) -> tuple[str, ...]:
    """How many texts, whose, who was first and how sure that is."""
    if not story.articles:
        return ("No article about this story has been found.",)
    return (_how_many(story), _whose(story), _who_first(story.articles))


def key_figures(story: Story) -> tuple[Figure, ...]:
    """The numbers under the answer."""
    copies = sum(article.is_copy for article in story.articles)
    bases = words_by_basis(story)
    total = sum(bases.values()) or 1
    copied = sum(bases[basis] for basis in (Basis.CREDITED, Basis.UNCREDITED, Basis.TAKEN))
    proven = sum(pair.is_proven for pair in story.rows.pairs)
    return (
        Figure(thousands(len(story.articles)), "articles"),
        Figure(thousands(len(story.outlets)), "outlets"),
        Figure(thousands(len(story.articles) - copies), "different texts"),
        Figure(str(Share(copied / total)), "of all words copied"),
        Figure(f"{thousands(proven)} of {thousands(len(story.rows.pairs))}", "pairs in proven order"),
    )


def words_by_basis(story: Story) -> Counter[Basis]:
    """Words of the story's paragraphs by where they come from."""
    words: Counter[Basis] = Counter()
    for paragraph in story.ledger.paragraphs:
        words[paragraph.basis] += paragraph.words
    return words


def first_seen(articles: Sequence[ReportArticle]) -> ReportArticle | None:
    """The dated article that had appeared by the earliest moment, even read as late as possible."""
    dated = [article for article in articles if article.published_at is not None]
    return min(
        dated,
        key=lambda one: (one.published_latest or one.published_at, one.published_at, one.article_id),
        default=None,
    )


def rivals(first: ReportArticle, articles: Sequence[ReportArticle]) -> tuple[ReportArticle, ...]:
    """The articles that may have appeared before `first` or with it, as far as their dates say."""
    latest = first.published_latest or first.published_at
    assert latest is not None, first.article_id
    return tuple(
        article
        for article in articles
        if article.article_id != first.article_id
        and (article.published_earliest is None or article.published_earliest <= latest)
    )


def _how_many(story: Story) -> str:
    articles = len(story.articles)
    copies = sum(article.is_copy for article in story.articles)
    if articles == 1:
        return f"One article, of {story.articles[0].outlet}, tells this story."
    told = f"{counted(articles, 'article')} of {counted(len(story.outlets), 'outlet')} tell this story"
    if not copies:
        return f"{told}, each in a text of its own."
    rest = (
        "the other is a near-identical copy"
        if copies == 1
        else (f"the other {thousands(copies)} are near-identical copies")
    )
    return f"{told} in {counted(articles - copies, 'different text')}; {rest}."


def _whose(story: Story) -> str:
    bases = words_by_basis(story)
    total = sum(bases.values())
    if not total:
        return "Its articles hold no text."
    own = bases[Basis.OWN] / total
    undecided = bases[Basis.UNDECIDED]
    taken = _taken_owners(story)
    rest = f", and for {percent(undecided / total)} nothing proves who wrote them first" if undecided else ""
    if not taken:
        return f"{percent(own)} of the words are the outlets' own{rest}."
    owner = max(taken, key=lambda name: (taken[name], name))
    share = taken[owner] / total
    others = percent(_own_of_others(story, owner) / total)
    lead = "Most of it is" if share >= MOST else "The largest part that others copied is"
    return (
        f"{lead} {owner}'s text: {percent(share)} of all {thousands(total)} words, in "
        f"{counted(_articles_with(story, owner), 'article')}; {others} are the other "
        f"outlets' own{rest}."
    )


def _taken_owners(story: Story) -> dict[str, int]:
    """Words by owner, for owners that anybody took words from; their own articles count too."""
    copied = {
        paragraph.owner
        for paragraph in story.ledger.paragraphs
        if paragraph.owner and paragraph.basis is not Basis.OWN
    }
    words: Counter[str] = Counter()
    for paragraph in story.ledger.paragraphs:
        if paragraph.owner in copied:
            words[paragraph.owner] += paragraph.words
    return dict(words)


def _articles_with(story: Story, owner: str) -> int:
    return len({one.article_id for one in story.ledger.paragraphs if one.owner == owner})


def _own_of_others(story: Story, owner: str) -> int:
    return sum(one.words for one in story.ledger.paragraphs if one.basis is Basis.OWN and one.owner != owner)


def _who_first(articles: Sequence[ReportArticle]) -> str:
    first = first_seen(articles)
    if first is None:
        return "No article states a date, so nothing proves who had it first."
    said = f"{name_of(first)} ({describe_time(first)})"
    others = rivals(first, articles)
    if not others:
        return (
            f"{said} had it first: by the times that the pages state, every other article appeared "
            "later for certain."
        )
    dated = [one for one in others if one.published_at is not None]
    undated = len(others) - len(dated)
    return f"Who had it first is not proven. {said} has the earliest time, but {_doubts(dated, undated)}."


def _doubts(dated: Sequence[ReportArticle], undated: int) -> str:
    named = [f"{name_of(one)} ({describe_time(one)})" for one in dated[:NAMED_RIVALS]]
    hidden = len(dated) - len(named)
    if hidden:
        named.append(counted(hidden, "other article"))
    doubts = []
    if named:
        doubts.append(f"{_listed(named)} may have been as early or earlier")
    if undated:
        doubts.append(f"{counted(undated, 'article')} {'states' if undated == 1 else 'state'} no date")
    return " and ".join(doubts)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def describe_time(article: ReportArticle) -> str:
    """When an article appeared, how exactly that is stated, and by which signal."""
    assert article.published_at is not None, article.article_id
    source = say_signal(article.published_source or "")
    if article.published_precision in EXACT:
        return f"{minute(article.published_at)} UTC, {source}"
    bounds = [
        minute(bound) if bound else "unknown"
        for bound in (article.published_earliest, article.published_latest)
    ]
    return (
        f"{moment(article.published_at, article.published_precision)} {source}, no time of day: "
        f"any moment from {bounds[0]} to {bounds[1]} UTC"
    )


def say_signal(signal: str) -> str:
    """Where a date stands, for people; one that we have no words for is named as it is."""
    kind = signal.partition(":")[0]
    return SIGNALS.get(kind, f"by {signal or 'an unnamed signal'}")
