"""What sets two versions of a charter apart: articles, undertakings, and words within them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from domain.charter_text import Article, CharterText, TextUndertaking
from domain.values import Frozen

ALIKE = 0.5
"""From which share of common words two paragraphs are the same one, changed (product rule)."""


class PartChange(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Fate(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class WordRun(Frozen):
    """Some words in a row. Those that stay and those removed make the old text."""

    fate: Fate
    words: str


class PassageChange(Frozen):
    """A paragraph or an undertaking that was added, removed or changed, word for word."""

    change: PartChange
    pieces: tuple[WordRun, ...]


class ArticleChange(Frozen):
    """An article that was added, removed or changed."""

    change: PartChange
    id: str
    """Where it is in the newer version; in the older one, where it was removed."""
    before: str | None
    """Its heading in the older version."""
    after: str | None
    passages: tuple[PassageChange, ...]


class CharterDifference(Frozen):
    """What a newer version changes; articles that only changed place or number are not told."""

    articles: tuple[ArticleChange, ...]
    undertakings: tuple[PassageChange, ...]
    notice: tuple[PassageChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.articles or self.undertakings or self.notice)


def difference(old: CharterText, new: CharterText) -> CharterDifference:
    """What must be changed in a text to get another."""
    return CharterDifference(
        articles=tuple(_articles(old.articles, new.articles)),
        undertakings=tuple(_passages(_words(old.undertakings), _words(new.undertakings))),
        notice=tuple(_passages([old.notice or ""], [new.notice or ""])),
    )


def _words(undertakings: Sequence[TextUndertaking]) -> list[str]:
    return [undertaking.words for undertaking in undertakings]


# --- articles -----------------------------------------------------------------------------------


def _articles(old: Sequence[Article], new: Sequence[Article]) -> Iterator[ArticleChange]:
    """The changed articles in the order of the newer version, then those that were removed."""
    before = _matched(old, new)
    for article in new:
        was = before.get(article.id)
        passages = tuple(_passages(_texts(was), _texts(article)))
        if was is None or passages or was.heading != article.heading:
            yield ArticleChange(
                change=PartChange.CHANGED if was else PartChange.ADDED,
                id=article.id,
                before=was.title if was else None,
                after=article.title,
                passages=passages,
            )
    kept = {article.id for article in before.values()}
    for article in old:
        if article.id not in kept:
            yield ArticleChange(
                change=PartChange.REMOVED,
                id=article.id,
                before=article.title,
                after=None,
                passages=tuple(_passages(_texts(article), [])),
            )


def _texts(article: Article | None) -> list[str]:
    return [paragraph.words for paragraph in article.paragraphs] if article else []


def _matched(old: Sequence[Article], new: Sequence[Article]) -> dict[str, Article]:
    """For each newer article, the one it was: that of the same heading, else of the same words."""
    by_id = {article.id: article for article in old}
    matched = {article.id: by_id[article.id] for article in new if article.id in by_id}
    free = [article for article in old if article.id not in matched]
    for article in new:
        if article.id in matched:
            continue
        words = " ".join(_texts(article))
        close = [(_alike(" ".join(_texts(other)), words), other) for other in free]
        best = max(close, key=lambda pair: pair[0], default=None)
        if best and best[0] >= ALIKE:
            matched[article.id] = best[1]
            free.remove(best[1])
    return matched


def _alike(one: str, other: str) -> float:
    """The share of words that two texts have in common, from 0 to 1, whatever their order."""
    counts = Counter(one.split()), Counter(other.split())
    total = counts[0].total() + counts[1].total()
    return 2 * (counts[0] & counts[1]).total() / total if total else 0.0


# --- passages and words -------------------------------------------------------------------------


def _passages(old: Sequence[str], new: Sequence[str]) -> Iterator[PassageChange]:
    """The passages that were added, removed or changed, in order; empty ones are none."""
    old, new = [p for p in old if p], [p for p in new if p]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[PassageChange]:
    """Passages instead of others: each is the next one that is much alike, changed, or another."""
    was = become = 0
    for a, b in [*_pairs(old, new), (len(old), len(new))]:
        for words in old[was:a]:
            yield PassageChange(change=PartChange.REMOVED, pieces=(_piece(Fate.REMOVED, words),))
        for words in new[become:b]:
            yield PassageChange(change=PartChange.ADDED, pieces=(_piece(Fate.ADDED, words),))
        if a < len(old) and b < len(new):
            yield PassageChange(change=PartChange.CHANGED, pieces=tuple(pieces(old[a], new[b])))
        was, become = a + 1, b + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of the passages that are much alike, both in order."""
    since = 0
    for b, words in enumerate(new):
        a = next((n for n in range(since, len(old)) if _alike(old[n], words) >= ALIKE), None)
        if a is not None:
            since = a + 1
            yield a, b


def _piece(fate: Fate, words: str) -> WordRun:
    return WordRun(fate=fate, words=words)


def pieces(old: str, new: str) -> Iterator[WordRun]:
    """Two wordings of a passage in one, word by word."""
    before, after = _tokens(old), _tokens(new)
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield _piece(Fate.SAME, "".join(before[a:b]))
            continue
        if a < b:
            yield _piece(Fate.REMOVED, "".join(before[a:b]))
        if c < d:
            yield _piece(Fate.ADDED, "".join(after[c:d]))


def _tokens(text: str) -> list[str]:
    """Words, spaces and signs: put together again, they are the text."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)
