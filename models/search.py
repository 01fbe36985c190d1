"""What people look for, read forgivingly: words, the beginning of a word, phrases in quotes. No text ever raises.

How it is read (the manual says the same): every word must be there, in any order; the last word and a word with ``*`` after
it may go on; what stands in quotes must stand together. Capitals and accents do not matter. Signs are no part of a word.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from models.folding import Span, fold
from models.search_index import ALIKE, UNHEARD

LONGEST = 200
"""Characters of a question that are read."""
MOST_TERMS = 8
SHORTEST_OPEN = 2
"""A single letter is a word of its own, never the beginning of every word with it."""
BEFORE, AFTER = 20, 160
"""Characters of a text that are shown before and after the first word found."""

_PIECES = re.compile('["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^"“”„«»]+)')
_SAME = str.maketrans(ALIKE)
_DROPPED = dict.fromkeys(map(ord, UNHEARD))


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together. ``open``: the last of them may go on."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True)
class Sought:
    """A question, read. Without ``terms`` nothing is asked."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """What finds each term in a folded text."""
        return tuple(_pattern(term) for term in self.terms)


@lru_cache(maxsize=256)
def sought(text: str) -> Sought:
    """Read a question; of a very long one the beginning counts."""
    terms: list[Term] = []
    for quoted, plain in _PIECES.findall(text[:LONGEST]):
        if words := words_in(quoted):
            terms.append(Term(tuple(words)))
        terms += _plain(plain)
    ends_open = text[:LONGEST].rstrip()[-1:] not in '"“”„«»'
    if terms and ends_open:
        terms[-1] = Term(terms[-1].words, may_go_on(terms[-1].words[-1]))
    return Sought(tuple(terms[:MOST_TERMS]))


def _plain(text: str) -> Iterable[Term]:
    """Each blank-separated piece is one term: ``mill-road`` are two words that stand together."""
    for piece in text.split():
        if words := words_in(piece):
            yield Term(tuple(words), piece.endswith("*") and may_go_on(words[-1]))


def may_go_on(word: str) -> bool:
    """Whether a word is long enough to be the beginning of another."""
    return len(word) >= SHORTEST_OPEN


def words_in(text: str) -> list[str]:
    """The words of a text as both indexes hold them: small letters without marks, and nothing but letters and figures."""
    plain = unicodedata.normalize("NFD", text.lower().translate(_SAME)).translate(_DROPPED)
    whole = unicodedata.normalize("NFC", plain)
    return "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in whole).split()


def _pattern(term: Term) -> re.Pattern[str]:
    words = r"\W+".join(re.escape(fold(word).text) for word in term.words)
    return re.compile(rf"(?<!\w){words}" + ("" if term.open else r"(?!\w)"))


def spans(asked: Sought, text: str) -> tuple[Span, ...]:
    """Where the words stand in a text, in order; they may overlap."""
    folded = fold(text)
    found = (
        [
            folded.span(*match.span())
            for pattern in asked.patterns
            for match in pattern.finditer(folded.text)
            if match.end() > match.start()
        ]
        if folded.text
        else []
    )
    return tuple(sorted(found))


def excerpt(text: str, marked: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """The part of a text around the first span, on one line, with the spans that lie in it."""
    first = marked[0].begin if marked else 0
    begin = first - BEFORE if first > BEFORE + BEFORE // 2 else 0
    part = text[begin : begin + BEFORE + AFTER]
    line = "".join(" " if one.isspace() else one for one in part)
    lead, tail = ("…" if begin else ""), ("…" if begin + len(part) < len(text) else "")
    shift = len(lead) - begin
    kept = [Span(one.begin + shift, min(one.end, begin + len(part)) + shift) for one in marked]
    return f"{lead}{line}{tail}", tuple(one for one in kept if len(lead) <= one.begin < one.end)


def match_expression(asked: Sought, home: str) -> str:
    """The question for SQLite's FTS5, in one workspace. Words hold letters and figures only, so that nothing is syntax."""
    terms = " AND ".join(f'"{" ".join(term.words)}"{" *" if term.open else ""}' for term in asked.terms)
    return f'home : "{home}" AND words : ({terms})'


def tsquery(asked: Sought) -> str:
    """The question for Postgres, as the text of a ``tsquery``; each word is quoted whole."""
    return " & ".join(_joined(term) for term in asked.terms)


def _joined(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    if term.open:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
