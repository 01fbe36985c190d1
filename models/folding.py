"""Folding: a text as rules read it, which still knows where each of its characters stood.

Case folding and NFKD of Unicode without the combining marks, and beyond that the letters, quotes, dashes and figures
that Unicode keeps apart and people do not; what a reader cannot see (zero-width characters, soft hyphens, variation
selectors, skin tones) is dropped. Any string is taken, lone surrogates and NULs too, and the work is linear.
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the original text, in code points, ``end`` exclusive."""

    begin: int
    end: int


_ALIKE = {
    **dict.fromkeys("‘’ʼ＇`´ʹ′", "'"),
    **{"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ħ": "h", "þ": "th", "ŧ": "t"},
    **{"ي": "ی", "ى": "ی", "ك": "ک", "ہ": "ه", "ـ": ""},
}
"""Letters that Unicode keeps apart and people do not: Nordic, Polish and Turkish bars and dots, Arabic and Urdu keyboards."""

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
SYMBOLS = "\u2190-\u2bff\U0001f000-\U0001fbff"
_SYMBOL = re.compile(f"[{SYMBOLS}]")
_MOST_KEPT = 20_000


def _alike(character: str) -> str:
    """One folded character, or nothing for what a reader does not see."""
    if character in _ALIKE:
        return _ALIKE[character]
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or unicodedata.combining(character) or _UNSEEN.match(character):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "-" if category == "Pd" else character


def _fold_character(character: str) -> str:
    """The folded form of one character; folding it again changes nothing."""
    folded, before = character, ""
    while folded != before:
        before = folded
        plain = "".join(_ALIKE.get(each, each) for each in folded)
        folded = "".join(map(_alike, unicodedata.normalize("NFKD", plain).casefold()))
    return folded


def _split_character(character: str) -> str:
    """The character where it belongs to a word, a space where it does not."""
    if character.isalnum() or character == "_" or _SYMBOL.match(character):
        return character
    return character if unicodedata.category(character)[0] == "M" else " "


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that fills itself as characters turn up, up to a bound."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = folded
        return folded


class _Splitting(dict[int, str]):
    """The same for word boundaries: keeps the length of the text."""

    def __missing__(self, code: int) -> str:
        kept = _split_character(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = kept
        return kept


_FOLDING = _Folding()
_SPLITTING = _Splitting()


@dataclass(frozen=True)
class Folded:
    """A text as rules read it (``text``), which still knows where each of its characters stood in ``original``."""

    original: str
    text: str

    @cached_property
    def _origins(self) -> "array[int]":
        """For each folded character, the position of the original character it came from."""
        origins = array("I")
        for position, character in enumerate(self.original):
            origins.extend([position] * len(_FOLDING[ord(character)]))
        return origins

    def span(self, begin: int, end: int) -> Span:
        """Where folded characters ``begin`` to ``end`` (at least one) stood, with the marks that follow the last one."""
        if self.original.isascii():
            return Span(begin, end)
        first, after = self._origins[begin], self._origins[end - 1] + 1
        while after < len(self.original) and not _FOLDING[ord(self.original[after])]:
            after += 1
        return Span(first, after)


def fold(text: str) -> Folded:
    """Fold case, accents, ligatures, look-alike quotes and digits, and drop what cannot be seen. Takes any string.

    Case folding and NFKD of Unicode, each character by itself, so that every folded character has one origin.
    """
    if text.isascii():
        return Folded(text, text.lower().replace("`", "'"))
    return Folded(text, text.translate(_FOLDING))


def blank_signs(folded: str) -> str:
    """The same text, as long as before, with a space for every sign that belongs to no word."""
    return folded.translate(_SPLITTING)
