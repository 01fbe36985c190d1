"""Links in a text, where X and Mastodon would see them: written to the published behaviour of twitter-text.

After ``http(s)://`` any host under a known top-level name is a link; without it only a host of Latin letters is one.
Known are the names of the public suffix list, in letters or as ``xn--``. No address is ever asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

_LATIN = "a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_LETTER = rf"[^\s\p{{Z}}\p{{Cc}}{_MARKS}!'#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~$]"
_ANY_HOST = rf"(?:{_LETTER}(?:[_-]|{_LETTER})*(?<![_-])\.)*{_LETTER}(?:-|{_LETTER})*(?<!-)\."
_LATIN_HOST = rf"(?:[{_LATIN}][{_LATIN}_-]*(?<![_-])\.)+"
_TOP = r"(?:xn--[-0-9a-z]+|\L<top>)(?![0-9a-z@+-])"
_IN_PATH = rf"[{_LATIN}\u0400-\u04ff!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_END_OF_PATH = rf"[{_LATIN}\u0400-\u04ff=_#/+\-]"
_ROUND = rf"\({_IN_PATH}*(?:\({_IN_PATH}+\){_IN_PATH}*)?\)"
_PATH = rf"(?>/(?:(?:{_IN_PATH}|{_ROUND})*(?:{_END_OF_PATH}|{_ROUND}))?)"
_QUERY = r"(?>\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])"
_LINK = (
    rf"(?:(?<![0-9a-z@\uff20$#\uff03])https?://(?P<host>{_ANY_HOST}{_TOP})"
    rf"|(?<![{_LATIN}@\uff20$#\uff03\-_./])(?P<bare>{_LATIN_HOST}{_TOP}))"
    rf"(?::[0-9]+)?{_PATH}?{_QUERY}?"
)
_SHORTENED = regex.compile(rf"https?://t\.co/(?P<word>[a-z0-9]+){_QUERY}?", regex.IGNORECASE)
_LONGEST_WORD, _LONGEST_LABEL = 40, 63


@dataclass(frozen=True, slots=True)
class Link:
    """A link: ``text[begin:end]``; ``bare`` where it is written without ``http(s)://``."""

    begin: int
    end: int
    bare: bool


def links(text: str) -> Iterator[Link]:
    """Every link of a text, in order."""
    for found in _pattern().finditer(text):
        bare = found["host"] is None
        if bare:
            yield Link(found.start(), found.end(), bare)
        elif all(map(_fits, found["host"].split("."))):
            end = _end(found)
            if end is not None:
                yield Link(found.start(), end, bare)


def _end(found: regex.Match[str]) -> int | None:
    """Where a link ends: X's own short links end with their word, and one with a longer word is none."""
    short = _SHORTENED.match(found[0])
    if short is None:
        return found.end()
    return None if len(short["word"]) > _LONGEST_WORD else found.start() + short.end()


def _fits(label: str) -> bool:
    """Whether the name system could hold the label."""
    if label.isascii():
        return len(label) <= _LONGEST_LABEL
    return not label.lower().startswith("xn--") and len(b"xn--" + label.encode("punycode")) <= _LONGEST_LABEL


@cache
def _pattern() -> regex.Pattern[str]:
    listed = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf-8")
    rules = (line.strip() for line in listed.partition("===END ICANN DOMAINS===")[0].splitlines())
    top = {rule.rpartition(".")[2] for rule in rules if rule and not rule.startswith("//")}
    return regex.compile(_LINK, regex.IGNORECASE | regex.VERSION1, top=sorted(top))
