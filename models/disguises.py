"""Words that somebody wrote so that no list finds them: figures for letters, letters repeated, letters set apart.

``kn1fe``, ``k-n-i-f-e``, ``k n i f e`` and ``kniiiife`` may all be read as ``knife``. A word is only ever read in more ways
than as it was written: what it says plainly is found as before. The number of readings is bounded, and the work linear.
"""

import re
from collections.abc import Iterator
from itertools import product

SHORTEST = 4
"""Letters of the shortest word that is looked for behind a disguise: shorter ones are too often something else."""

LONGEST = 40
MOST_RUNS = 3

_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
_AS_I = str.maketrans(_LETTERS)
_AS_L = str.maketrans(_LETTERS | {"1": "l", "!": "l"})
_REPEATED = re.compile(r"([a-z])\1{2,}")
_SUSPECT = re.compile(r"[a-z][0-9@$!]+[a-z]|[0-9@$][a-z]{2}|[a-z]{2}[0-9$]|([a-z])\1\1|\b[a-z0-9][-._* ][a-z0-9]\b")
_WORD = re.compile(r"[a-z0-9@$!]+")
_APART = re.compile(r"(?<![a-z0-9])[a-z0-9](?:([-._* ])[a-z0-9])(?:\1[a-z0-9])+(?![a-z0-9])")


def disguised(text: str) -> Iterator[tuple[str, int, int]]:
    """Words that a folded ASCII text may hold in disguise: each with its begin and end in the text."""
    if not _SUSPECT.search(text):
        return
    for match in _WORD.finditer(text):
        written = match.group().rstrip("!")
        if SHORTEST <= len(written) <= LONGEST:
            yield from ((word, match.start(), match.start() + len(written)) for word in readings(written))
    for match in _APART.finditer(text):
        begin, end = match.span()
        yield from _joined(match.group(), match.group(1), begin, end)
        if match.group(1) == " " and match.group()[0] in "ai":  # "a k n i f e": the word may begin behind it
            yield from _joined(match.group()[2:], " ", begin + 2, end)


def _joined(written: str, sign: str, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    joined = written.replace(sign, "")
    if SHORTEST <= len(joined) <= LONGEST:
        yield from ((word, begin, end) for word in {joined, *readings(joined)} if word.isalpha())


def readings(written: str) -> set[str]:
    """What one word may be read as, but for what it says plainly."""
    letters = sum(letter.isalpha() for letter in written)
    plain = {written}
    if letters >= 2 and letters < len(written):
        plain |= {written.translate(_AS_I), written.translate(_AS_L)}
    found = {word for one in plain for word in (one, *_shortened(one))}
    return {word for word in found if word != written and word.isalpha() and len(word) >= SHORTEST}


def _shortened(word: str) -> Iterator[str]:
    """The word with three or more of a letter in a row as two and as one of it."""
    runs = list(_REPEATED.finditer(word))
    if not 0 < len(runs) <= MOST_RUNS:
        return
    for sizes in product((1, 2), repeat=len(runs)):
        parts, at = [], 0
        for run, size in zip(runs, sizes, strict=True):
            parts += [word[at : run.start()], run.group(1) * size]
            at = run.end()
        yield "".join((*parts, word[at:]))
