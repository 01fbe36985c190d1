"""Which messages say much the same: near-identical texts, found without comparing each with every other.

Texts are sets of pairs of words; two are alike by the share of runs they have in common (A. Broder, On the resemblance and
containment of documents, 1997). Which pairs are looked at is told by bands of minimal hashes (J. Leskovec, A. Rajaraman,
J. Ullman, Mining of Massive Datasets, 3.4).
"""

import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

import regex

from models.links import links

SHINGLE = 2
"""Words of a run."""
ALIKE = 0.5
"""The share of runs in common from which on two texts say much the same."""
BANDS, ROWS = 32, 2
"""A pair of resemblance s is looked at with the chance 1 - (1 - s ** ROWS) ** BANDS: 99.99% at 0.5."""
PRIME = (1 << 61) - 1

_HANDLE = regex.compile(r"(?:^|(?<=\s))(?:RT\s+)?@[\w.@-]+:?", regex.IGNORECASE)
_WORD = regex.compile(r"[\p{L}\p{N}]+")

Runs = frozenset[int]


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Places of the texts that say much the same, the largest group first; a text that stands alone is in none.

    A text joins the group whose first text it resembles most, so that a chain of small changes does not become one group.
    Texts without a word (a picture, an emoji) resemble nothing. The same texts in the same order give the same groups.
    """
    runs = [runs_of(text) for text in texts]
    leaders: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    groups: dict[int, list[int]] = {}
    for place, found in enumerate(runs):
        if not found:
            continue
        bands = list(_bands(found))
        near = {leader for band in bands for leader in leaders[band]}
        best = max(sorted(near), key=lambda leader: resemblance(runs[leader], found), default=None)
        if best is not None and resemblance(runs[best], found) >= ALIKE:
            groups[best].append(place)
            continue
        groups[place] = [place]
        for band in bands:
            leaders[band].append(place)
    return sorted((one for one in groups.values() if len(one) > 1), key=lambda one: (-len(one), one))


def resemblance(one: Runs, other: Runs) -> float:
    """The share of runs in common, of all runs of both: 0 to 1."""
    return len(one & other) / len(one | other)


def runs_of(text: str) -> Runs:
    """The runs of words of a text, as hashes; handles, links, case and marks do not count."""
    kept, at = [], 0
    for link in links(text):
        kept.append(text[at : link.begin])
        at = link.end
    plain = unicodedata.normalize("NFKC", " ".join([*kept, text[at:]])).casefold()
    words = _WORD.findall(_HANDLE.sub(" ", plain))
    count = max(len(words) - SHINGLE + 1, 1) if words else 0
    return frozenset(_hash(" ".join(words[place : place + SHINGLE])) for place in range(count))


def _hash(run: str) -> int:
    return zlib.crc32(run.encode("utf-8", "replace"))


@cache
def _turns() -> tuple[tuple[int, int], ...]:
    rng = Random("watchroom")  # noqa: S311  # nosec B311 - spreads hashes, guards nothing
    return tuple((rng.randrange(1, PRIME), rng.randrange(PRIME)) for _ in range(BANDS * ROWS))


def _bands(runs: Runs) -> Iterator[tuple[int, tuple[int, ...]]]:
    least = [min((a * run + b) % PRIME for run in runs) for a, b in _turns()]
    for band in range(BANDS):
        yield band, tuple(least[band * ROWS : (band + 1) * ROWS])
