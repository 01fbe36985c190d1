"""Words in a message: folding, whole words, phrases and wildcards, found in one linear pass.

How a word of a rule is read (the manual says the same):

- capitals and accents do not matter, nor do invisible characters inside a word;
- a word is found whole: ``for`` is not found inside ``uncomfortable``;
- a phrase is found across any white space, a hyphen or an apostrophe between its words, never across a full stop;
- ``*`` stands for any letters or none: ``burn*``, ``*fire``, ``b*n``; alone inside a phrase it stands for one word;
- an apostrophe may be missing in the message: ``can't breathe`` also finds ``cant breathe``;
- an emoji is a word of its own;
- ``knife near/5 school`` finds either within five words of the other, in any order;
- ``kn1fe``, ``k-n-i-f-e`` and ``kniiiife`` are read as ``knife`` too (``models/disguises.py``);
- handles (``@name``) and links are not searched: a service with "fire" in its handle is not on fire.

A word is a run of Unicode letters, figures, marks and underscores, close to UAX 29 without its dictionaries: in scripts
that put no space between words (Chinese, Thai) use a wildcard. No pattern of a rule ever becomes a regular expression.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter

from models.disguises import disguised
from models.folding import SYMBOLS, blank_signs, fold

MOST_READ = 100_000
"""Characters of one message that rules look at: four times the longest post of any network."""

MOST_WORDS = 1_000
"""Words and phrases in one rule."""

LONGEST_PHRASE = 200
"""Characters in one word or phrase of a rule."""

Place = tuple[int, int]
"""Begin and end in a folded text."""


class BadRule(ValueError):
    """A rule that cannot be kept. ``field`` says where, the message also says what to do."""

    def __init__(self, field: str, fault: str) -> None:
        """``field`` is a dotted path such as ``conditions.words.any``."""
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


MOST_BETWEEN = 50
"""Words from one phrase to another that is near it."""

_NEAR = re.compile(r"(\S.*?)\s+near/([0-9]{1,9})\s+(.*\S)", re.DOTALL)
_PLAIN_WORD = re.compile("[a-z0-9_]+")
_ANY_WORD = re.compile(f"[{SYMBOLS}]|[^ {SYMBOLS}]+")
_ADDRESS = re.compile(
    r"(?:https?://|\bwww\.)\S+|(?<!\w)@(?:[\w-]+(?:\.[\w-]+){2,}|\w+@[\w-]+(?:\.[\w-]+)+|\w+)", re.IGNORECASE
)


class Reading:
    """One message read once for all rules: its folded text and its words. Only the first MOST_READ characters are read."""

    def __init__(self, text: str) -> None:
        """Positions are worked out only when a rule asks for them: most messages hold no rule's word."""
        self.folded = fold(text[:MOST_READ])
        searched = self.folded.text
        if "@" in searched or "http" in searched or "www." in searched:
            searched = _ADDRESS.sub(_blank, searched)
        if searched.isascii():
            self._searched, self._word = searched, _PLAIN_WORD
        else:
            self._searched, self._word = blank_signs(searched), _ANY_WORD
        self._hidden: dict[str, list[Place]] = {}
        for word, begin, end in disguised(searched):
            self._hidden.setdefault(word, []).append((begin, end))
        self.words = {*self._word.findall(self._searched), *self._hidden}
        self.kept: dict[_Phrase, list[tuple[int, int, Place]]] = {}

    @cached_property
    def places(self) -> list[Place]:
        """Where each word stands in the folded text, in order."""
        return [match.span() for match in self._word.finditer(self._searched)]

    @cached_property
    def order(self) -> list[str]:
        """Every word in order, as often as it was written."""
        return self._word.findall(self._searched)

    @cached_property
    def spots(self) -> dict[str, list[int]]:
        """For each word, its numbers in ``order``."""
        spots: dict[str, list[int]] = {}
        plain = enumerate(self.order)
        for number, word in (*plain, *((number, word) for number, words in self.forms.items() for word in words)):
            spots.setdefault(word, []).append(number)
        return spots

    @cached_property
    def forms(self) -> dict[int, set[str]]:
        """What else words may be read as, by their number in ``order``."""
        numbers = {place: number for number, place in enumerate(self.places)} if self._hidden else {}
        forms: dict[int, set[str]] = {}
        for word, places in self._hidden.items():
            for place in set(places) & numbers.keys():
                forms.setdefault(numbers[place], set()).add(word)
        return forms

    def where(self, word: str) -> list[Place]:
        """Every place of a word, plain or in disguise."""
        return self._hidden.get(word, []) + [self.places[spot] for spot in self.spots.get(word, ())]

    def numbered(self, place: Place) -> tuple[int, int, Place]:
        """The numbers of the first and last word of a place, and the place."""
        first, last = (bisect_right(self.places, at, key=itemgetter(0)) - 1 for at in (place[0], place[1] - 1))
        return first, last, place

    def gap(self, number: int) -> str:
        """What stands between word ``number`` and the next, without white space."""
        return self.folded.text[self.places[number][1] : self.places[number + 1][0]].strip()


def _blank(address: re.Match[str]) -> str:
    return "\0" * len(address.group())


@dataclass(frozen=True, slots=True)
class _Glob:
    """One word of a rule, cut at its wildcards: one piece means the word itself."""

    pieces: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return len(self.pieces) == 1

    @property
    def weight(self) -> tuple[bool, int]:
        """How well the word narrows a search."""
        return self.exact, max(map(len, self.pieces))

    def fits(self, word: str) -> bool:
        """Whether the word is this one; linear in its length."""
        if self.exact:
            return word == self.pieces[0]
        first, last = self.pieces[0], self.pieces[-1]
        at, end = len(first), len(word) - len(last)
        if end < at or not word.startswith(first) or not word.endswith(last):
            return False
        for piece in self.pieces[1:-1]:
            found = word.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One or more words in a row. ``gaps`` are the signs the rule's writer put between them (``&`` in ``a&e``)."""

    words: tuple[_Glob, ...]
    gaps: tuple[str, ...]
    anchor: int

    @property
    def key(self) -> _Glob:
        """The word that is looked up first."""
        return self.words[self.anchor]

    def found(self, reading: Reading, word: str) -> list[Place]:
        """Every place of the phrase in which its key word was written as ``word``."""
        if len(self.words) == 1:
            return reading.where(word)
        starts = (spot - self.anchor for spot in reading.spots.get(word, ()))
        last = len(self.words) - 1
        return [
            (reading.places[start][0], reading.places[start + last][1])
            for start in starts
            if start >= 0 and start + last < len(reading.order) and self._stands_at(reading, start)
        ]

    def _stands_at(self, reading: Reading, start: int) -> bool:
        fits = all(_fits(reading, glob, start + n) for n, glob in enumerate(self.words))
        return fits and all(reading.gap(start + n) in ("", "-", "'", sign) for n, sign in enumerate(self.gaps))


def _fits(reading: Reading, glob: _Glob, number: int) -> bool:
    return glob.fits(reading.order[number]) or any(glob.fits(form) for form in reading.forms.get(number, ()))


@dataclass(frozen=True, slots=True)
class _Near:
    """Two phrases, either within so many words of the other; the place found holds both and what is between."""

    left: _Phrase
    right: _Phrase
    within: int

    @property
    def key(self) -> _Glob:
        """The word that is looked up first."""
        return self.left.key

    def found(self, reading: Reading, word: str) -> list[Place]:
        """Every place in which the key word of the left phrase was written as ``word``."""
        if self.right not in reading.kept:
            words = [one for one in reading.words if self.right.key.fits(one)]
            places = {place for one in words for place in self.right.found(reading, one)}
            reading.kept[self.right] = [reading.numbered(place) for place in sorted(places)]
        rights = reading.kept[self.right]
        found: list[Place] = []
        for place in self.left.found(reading, word) if rights else ():
            first, last, _ = reading.numbered(place)
            at = bisect_left(rights, first, key=itemgetter(0))
            for begin, end, other in rights[max(at - 1, 0) : at + 2]:
                if 0 < begin - last <= self.within or 0 < first - end <= self.within:
                    found.append((min(place[0], other[0]), max(place[1], other[1])))
        return found


Sought = _Phrase | _Near


def _read_near(folded: str, written: str, field: str) -> Sought:
    """A phrase, or two near each other. Raises BadRule as ``_read_phrase`` does."""
    near = _NEAR.fullmatch(folded)
    if near is None:
        return _read_phrase(folded, written, field)
    left, within, right = near.groups()
    if not 1 <= int(within) <= MOST_BETWEEN:
        raise BadRule(field, f"{written!r} is not near; give a number from 1 to {MOST_BETWEEN}")
    return _Near(_read_phrase(left, written, field), _read_phrase(right, written, field), int(within))


def _read_phrase(folded: str, written: str, field: str) -> _Phrase:
    """The phrase in an already folded text.

    Raises BadRule where nothing could ever be found by it, or far too much.
    """
    kept = "".join(sign if sign == "*" else letter for sign, letter in zip(folded, blank_signs(folded), strict=True))
    matches = list(_ANY_WORD.finditer(kept))
    words = tuple(_Glob(_pieces(match.group())) for match in matches)
    literals = [word for word in words if any(word.pieces)]
    if not literals:
        raise BadRule(field, f"{written!r} holds no letter or figure; write a word, or take it out")
    anchor = max(range(len(words)), key=lambda number: words[number].weight)
    key = words[anchor]
    letters = "".join(key.pieces)
    if not key.exact and len(letters) < 2 and letters.isascii():
        raise BadRule(field, f"{written!r} would find almost every message; put at least two letters beside the *")
    pairs = zip(matches, matches[1:], strict=False)
    gaps = tuple(folded[one.end() : two.start()].strip() for one, two in pairs)
    return _Phrase(words, gaps, anchor)


def _pieces(word: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\*+", "*", word).split("*"))


@lru_cache(maxsize=1024)
def _read_phrases(written: tuple[str, ...], field: str) -> tuple[Sought, ...]:
    """Every word and phrase of one list, those with an apostrophe twice. Raises BadRule.

    Kept, because workspaces begin with the same rules, and each change of one rule reads all the others again.
    """
    if len(written) > MOST_WORDS:
        raise BadRule(field, f"{len(written)} words; a rule holds at most {MOST_WORDS}: make two rules of it")
    phrases: dict[Sought, None] = {}
    for text in written:
        if len(text) > LONGEST_PHRASE:
            raise BadRule(field, f"{text[:40]!r}... is longer than {LONGEST_PHRASE} characters; shorten it")
        folded = fold(text).text
        if _ADDRESS.search(folded):
            raise BadRule(
                field, f"{text!r} is a handle or a link, which rules do not search; take out the @ or the link"
            )
        phrases[_read_near(folded, text, field)] = None
        phrases[_read_near(folded.replace("'", ""), text, field)] = None
    return tuple(phrases)


Owned = list[tuple[int, Sought]]


class Index:
    """Words of many owners (a rule's number), looked up together."""

    def __init__(self, owned: Iterable[tuple[int, Sought]]) -> None:
        """Each phrase waits under its key word: the word itself, its first or last letters, or any piece of it."""
        self._exact: dict[str, Owned] = {}
        self._heads: dict[str, Owned] = {}
        self._tails: dict[str, Owned] = {}
        self._inner: dict[str, Owned] = {}
        for owner, phrase in owned:
            shelf, key = self._shelf(phrase.key)
            shelf.setdefault(key, []).append((owner, phrase))
        self._words = frozenset(self._exact)
        self._head_sizes = frozenset(map(len, self._heads))
        self._tail_sizes = frozenset(map(len, self._tails))

    def _shelf(self, key: _Glob) -> tuple[dict[str, Owned], str]:
        first, last = key.pieces[0], key.pieces[-1]
        if key.exact:
            return self._exact, first
        if len(first) >= 2:
            return self._heads, first[:3]
        if len(last) >= 2:
            return self._tails, last[-3:]
        return self._inner, max(key.pieces, key=len)

    def find(self, reading: Reading) -> dict[int, list[Place]]:
        """The places of each owner that has any, in no particular order."""
        found: dict[int, list[Place]] = {}
        words = reading.words
        for word in self._words & words:
            _collect(found, reading, word, self._exact[word])
        for size in self._head_sizes:
            if not self._heads.keys().isdisjoint([word[:size] for word in words]):
                for word in words:
                    _collect(found, reading, word, self._heads.get(word[:size], ()))
        for size in self._tail_sizes:
            if not self._tails.keys().isdisjoint([word[-size:] for word in words]):
                for word in words:
                    _collect(found, reading, word, self._tails.get(word[-size:], ()))
        for piece, owned in self._inner.items():
            if piece in reading.folded.text:
                for word in words:
                    _collect(found, reading, word, owned)
        return found


def _collect(found: dict[int, list[Place]], reading: Reading, word: str, owned: Iterable[tuple[int, Sought]]) -> None:
    for owner, phrase in owned:
        if phrase.key.fits(word) and (places := phrase.found(reading, word)):
            found.setdefault(owner, []).extend(places)


def join(places: Iterable[Place]) -> list[Place]:
    """Sorted, with overlapping places made one."""
    joined: list[Place] = []
    for begin, end in sorted(places):
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _overlaps(place: Place, joined: Sequence[Place]) -> bool:
    """Whether a place shares a character with any joined one."""
    before = bisect_left(joined, place[1], key=itemgetter(0)) - 1
    return before >= 0 and joined[before][1] > place[0]


@dataclass(frozen=True)
class Words:
    """Words and phrases of a rule: at least one of ``any`` (where there are some), and none of ``none``.

    A phrase of ``none`` that overlaps a word of ``any`` takes away only that one: with ``knife`` and not ``knife and
    fork``, "a knife and fork, then he drew a knife" is still found. One that stands by itself stops the rule.
    Raises BadRule where a word could never be found.
    """

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be searched for."""
        if not self.any and not self.none:
            raise BadRule("conditions.words", "empty; write at least one word, or leave words out")
        _ = self.wanted, self._barred

    @cached_property
    def wanted(self) -> tuple[Sought, ...]:
        """The phrases of ``any``, for an Index."""
        return _read_phrases(self.any, "conditions.words.any")

    @cached_property
    def _barred(self) -> Index:
        return Index((0, phrase) for phrase in _read_phrases(self.none, "conditions.words.none"))

    @cached_property
    def _index(self) -> Index:
        return Index((0, phrase) for phrase in self.wanted)

    def find(self, reading: Reading) -> list[Place]:
        """The places of ``any``."""
        return self._index.find(reading).get(0, [])

    def settle(self, reading: Reading, places: Sequence[Place]) -> list[Place] | None:
        """What is left of the places of ``any`` after ``none``, sorted, each once; None where the words do not hold."""
        barred = join(self._barred.find(reading).get(0, ())) if self.none else []
        wanted = join(places)
        if any(not _overlaps(place, wanted) for place in barred):
            return None
        left = sorted({place for place in places if not _overlaps(place, barred)})
        return left if left or not self.any else None
