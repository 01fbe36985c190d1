"""What a reply would give away: personal details in its text, words a workspace never sends, and what was told in private.

A finding is a question and no verdict: patterns cannot know whose telephone number it is. So a person confirms it, on the
record. Words that are blocked are refused.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.folding import Span, blank_signs, fold
from models.problems import BadValue

LONGEST_WORD = 100
QUOTED = 6
"""So many words in a row of a private message are a quotation of it."""
_OUTWARD = r"(?:GIR|[A-Z]{1,2}[0-9][0-9A-Z]?)"
_STREET = "street|road|lane|avenue|close|drive|way|court|crescent|terrace|place|gardens|grove|square|hill|row|mews|walk"


class Given(StrEnum):
    """A kind of personal detail, in words that follow "this contains"."""

    PHONE = "a telephone number"
    EMAIL = "an e-mail address"
    POSTCODE = "a postcode"
    ADDRESS = "a street address"
    INSURANCE = "a National Insurance number"
    CAR = "a vehicle registration"
    CARD = "a card number"
    TOLD = "something the contact told us in private"


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of the reply that looks like a personal detail; ``words`` is what stands there."""

    given: Given
    span: Span
    words: str


class BlockedWord(Owned, Audited, Base, kw_only=True):
    """A word or phrase that no reply of the workspace may hold, unless it is ``retired``."""

    __tablename__ = "blocked_word"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "word"))

    word: Mapped[str]
    retired: Mapped[datetime | None] = mapped_column(default=None)


def _luhn(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _a_persons(text: str) -> bool:
    """Whether a telephone number may be a person's: free and national-rate numbers belong to organisations."""
    digits = re.sub(r"^(?:0044|44)0?", "0", "".join(one for one in text if one.isdigit()))
    return re.match(r"0[127]\d{8,9}$", digits) is not None


_Sure = Callable[[str], bool]
_PATTERNS: tuple[tuple[Given, re.Pattern[str], _Sure], ...] = (
    (Given.EMAIL, re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"), bool),
    (Given.CARD, re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), _luhn),
    (Given.PHONE, re.compile(r"(?<![\d+])(?:\+44|0044|0)[ ().-]{0,3}\d(?:[ ().-]{0,2}\d){7,10}(?!\d)"), _a_persons),
    (
        Given.INSURANCE,
        re.compile(
            r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.I
        ),
        bool,
    ),
    (Given.POSTCODE, re.compile(rf"\b{_OUTWARD} ?[0-9][ABD-HJLNP-UW-Z]{{2}}\b", re.I), bool),
    (
        Given.CAR,
        re.compile(r"\b(?:[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z][0-9]{1,3} [A-Z]{3}|[A-Z]{3} [0-9]{1,3}[A-Z])\b"),
        bool,
    ),
    (Given.ADDRESS, re.compile(rf"\b\d{{1,4}}[a-z]?,? (?:[^\W\d_][\w'-]* ){{1,3}}(?:{_STREET})\b", re.I), bool),
    (Given.ADDRESS, re.compile(r"\b\d{1,4}[a-z]?,? (?:heol|stryd|ffordd|lôn) [^\W\d_]+", re.I), bool),
)


def findings(text: str, private: Iterable[str] = (), agreed: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What looks like a personal detail, in the order it stands.

    ``private`` are the contact's private messages, for a public reply: their details and six of their words in a row are
    found too. ``agreed`` are texts that the workspace has agreed on (its templates): details that stand there are ours.
    """
    ours = {_plain(one.words) for source in agreed for one in _details(source)}
    theirs = list(private)
    told = {_plain(one.words) for source in theirs for one in _details(source)}
    found = [_named(one, told) for one in _details(text) if _plain(one.words) not in ours]
    taken = [one.span for one in found]
    found += [one for one in _quotations(text, theirs) if not any(_meet(one.span, span) for span in taken)]
    return tuple(sorted(found, key=lambda one: one.span))


def _named(found: Finding, told: set[str]) -> Finding:
    return Finding(Given.TOLD, found.span, found.words) if _plain(found.words) in told else found


def _plain(words: str) -> str:
    return re.sub(r"[\W_]", "", words).casefold()


def _meet(one: Span, other: Span) -> bool:
    return one.begin < other.end and other.begin < one.end


def _details(text: str) -> list[Finding]:
    found: list[Finding] = []
    for given, pattern, sure in _PATTERNS:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if sure(match[0]) and not any(_meet(span, one.span) for one in found):
                found.append(Finding(given, span, match[0]))
    return found


def _quotations(text: str, private: Iterable[str]) -> Iterator[Finding]:
    """Each stretch of the text that repeats six or more words in a row of a private message."""
    told = {run for source in private for _, run in _runs(source)}
    span: Span | None = None
    for here, run in _runs(text) if told else ():
        if run not in told:
            continue
        if span is not None and here.begin <= span.end:
            span = Span(span.begin, here.end)
            continue
        if span is not None:
            yield Finding(Given.TOLD, span, text[span.begin : span.end])
        span = here
    if span is not None:
        yield Finding(Given.TOLD, span, text[span.begin : span.end])


def _runs(text: str) -> Iterator[tuple[Span, str]]:
    """Every six words in a row, with where they stand."""
    folded = fold(text)
    words = list(re.finditer(r"\S+", blank_signs(folded.text)))
    for first, last in zip(words, words[QUOTED - 1 :], strict=False):
        run = " ".join(blank_signs(folded.text)[first.start() : last.end()].split())
        yield folded.span(first.start(), last.end()), run


def blocked(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Those of ``words`` that stand in the text, whatever their case and accents, as whole words."""
    said = f" {_words(text)} "
    return tuple(word for word in words if (plain := _words(word)) and f" {plain} " in said)


def _words(text: str) -> str:
    return " ".join(blank_signs(fold(text).text).split())


def checked_word(word: str) -> str:
    """A blocked word as it is kept. Raises ``BadValue``."""
    word = " ".join(word.split())
    if not _words(word) or len(word) > LONGEST_WORD:
        raise BadValue("blocked word", f"give a word or phrase of up to {LONGEST_WORD} characters")
    return word
