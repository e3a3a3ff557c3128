"""The story's answer in words, generated from the data; nothing is claimed that the data don't prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.report.ownership import Basis, name_of
from flows.report.sheets import Share, counted, minute, moment, percent, thousands
from flows.report.story import Story, is_exact
from warehouse.story_report import ReportArticle

NAMED_RIVALS = 2  # who may have been first as well; the others are counted
MOMENTS = ("second", "minute")  # precisions that name a time of day
MOST = 0.5  # of all words: then "most of it" is true
MUCH = 0.1  # of all words: less is no answer to whose text the story is
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
        return f"{told}; no two of them are near-identical copies."
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
    undecided = bases[Basis.UNDECIDED]
    rest = f"; for {percent(undecided / total)} nothing proves who wrote them first" if undecided else ""
    taken = words_taken(story)
    if not taken and not undecided:
        return "No text is shared: all words are their outlets' own."
    if not taken:
        return f"{percent(bases[Basis.OWN] / total)} of the words are the outlets' own{rest}."
    owner = max(taken, key=lambda name: (taken[name], name))
    if taken[owner] < MUCH * total:
        copied = percent(sum(taken.values()) / total)
        return f"{copied} of all {thousands(total)} words are copied, the most of them from {owner}{rest}."
    words, articles = _text_of(story, owner)
    lead = "Most of it is" if words >= MOST * total else "The text that was copied most is"
    others = sum(
        one.words for one in story.ledger.paragraphs if one.basis is Basis.OWN and one.owner != owner
    )
    return (
        f"{lead} {owner}'s: {percent(words / total)} of all {thousands(total)} words, in "
        f"{counted(articles, 'article')}; {percent(others / total)} are the other outlets' own{rest}."
    )


def words_taken(story: Story) -> Counter[str]:
    """Words that stand in the articles of others, by their owner."""
    words: Counter[str] = Counter()
    for paragraph in story.ledger.paragraphs:
        if paragraph.basis is not Basis.OWN and paragraph.owner:
            words[paragraph.owner] += paragraph.words
    return words


def _text_of(story: Story, owner: str) -> tuple[int, int]:
    """Words of an owner's text, where it was taken and where it came from; and in how many articles."""
    shared = {one for pair in story.rows.pairs for one in (pair.article_id, pair.source_id)}
    found = [
        one
        for one in story.ledger.paragraphs
        if one.owner == owner and (one.basis is not Basis.OWN or one.article_id in shared)
    ]
    return sum(one.words for one in found), len({one.article_id for one in found})


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
    if is_exact(article):
        return f"{minute(article.published_at)} UTC, {source}"
    bounds = [
        minute(bound) if bound else "unknown"
        for bound in (article.published_earliest, article.published_latest)
    ]
    missing = "time zone" if article.published_precision in MOMENTS else "time of day"
    return (
        f"{moment(article.published_at, article.published_precision)} {source}, no {missing}: "
        f"any moment from {bounds[0]} to {bounds[1]} UTC"
    )


def say_signal(signal: str) -> str:
    """Where a date stands, for people; one that we have no words for is named as it is."""
    kind = signal.partition(":")[0]
    return SIGNALS.get(kind, f"by {signal or 'an unnamed signal'}")
