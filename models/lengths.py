"""How long a reply is, counted as the network that it goes to counts it.

Sources: X, twitter-text's configuration 3 (weights, 23 for a link, an emoji as 2) and 10,000 characters for private
messages; Bluesky, the lexicons ``app.bsky.feed.post`` (300 graphemes and 3,000 bytes) and ``chat.bsky.convo.defs`` (1,000 and
10,000); Mastodon, its ``StatusLengthValidator`` (500 graphemes, 23 for a link, only the local part of a mention); Facebook,
the Graph and Messenger references (8,000 and 2,000 characters).
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import regex

from models.links import links
from models.posts import Kind
from models.problems import BadValue

LINK = 23
"""What a link counts on X and Mastodon, whatever its length."""
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts as 1; all others are 2."""
_PICTURE = r"(?:(?![\u00a9\u00ae\u2122\u265f])\p{Extended_Pictographic}|[\u00a9\u00ae\u2122\u265f](?=\ufe0f))"
_DRESSED = rf"{_PICTURE}(?:\ufe0f|\p{{Emoji_Modifier}})?"
_EMOJI = regex.compile(
    rf"(?:\p{{RI}}\p{{RI}}|[#*0-9]\ufe0f?\u20e3|{_DRESSED}(?:[\U000e0020-\U000e007e]+\U000e007f)?(?:\u200d{_DRESSED})*)(?!\ufe0e)"
)
_GRAPHEME = regex.compile(r"\X")
_REMOTE = regex.compile(r"(?<![=/\w])(@[a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)@[\w.-]+\w", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of the limit a text uses. Of several limits it is the one that is nearest. ``unit`` is a word in the plural."""

    used: int
    limit: int
    unit: str

    @property
    def left(self) -> int:
        """How much more there is room for; negative where it is too long."""
        return self.limit - self.used

    @property
    def fits(self) -> bool:
        """Whether the network would take it."""
        return self.used <= self.limit


def measure(channel: str, kind: Kind, text: str) -> Measure:
    """The length of a reply. Raises ``BadValue`` for a network or a kind whose limit is not known."""
    rule = _RULES.get((channel, kind))
    if rule is None:
        raise BadValue("channel", f"no {kind} replies are known for {channel or 'an unknown channel'}")
    return max((Measure(count(text), limit, unit) for count, limit, unit in rule), key=_pressing)


def replies_of(channel: str) -> tuple[Kind, ...]:
    """The kinds of reply whose limit is known for a network, public first."""
    return tuple(kind for kind in (Kind.PUBLIC, Kind.PRIVATE) if (channel, kind) in _RULES)


def _pressing(measured: Measure) -> float:
    return measured.used / measured.limit


def x_weight(text: str) -> int:
    """The weighted length of a public post on X."""
    text = unicodedata.normalize("NFC", text)
    found = list(links(text))
    plain, at = [], 0
    for link in found:
        plain.append(text[at : link.begin])
        at = link.end
    return LINK * len(found) + sum(map(_x_weight_of_plain, [*plain, text[at:]]))


def _x_weight_of_plain(text: str) -> int:
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + sum(1 if any(first <= ord(one) <= last for first, last in _SINGLE) else 2 for one in rest)


def graphemes(text: str) -> int:
    """What people see as characters (Unicode, extended grapheme clusters)."""
    return len(_GRAPHEME.findall(text))


def mastodon_length(text: str) -> int:
    """Graphemes, where a link with ``http(s)://`` counts 23 and ``@somebody@elsewhere`` counts as ``@somebody``."""
    kept, at, found = [], 0, 0
    for link in links(text):
        if not link.bare:
            kept.append(text[at : link.begin])
            at, found = link.end, found + 1
    return graphemes(_REMOTE.sub(r"\1", "x".join([*kept, text[at:]]))) + (LINK - 1) * found


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_Rule = tuple[tuple[Callable[[str], int], int, str], ...]
_CHARACTERS = "characters"

_RULES: Mapping[tuple[str, Kind], _Rule] = {
    ("x", Kind.PUBLIC): ((x_weight, 280, _CHARACTERS),),
    ("x", Kind.PRIVATE): ((len, 10_000, _CHARACTERS),),
    ("bluesky", Kind.PUBLIC): ((graphemes, 300, _CHARACTERS), (_bytes, 3_000, "bytes")),
    ("bluesky", Kind.PRIVATE): ((graphemes, 1_000, _CHARACTERS), (_bytes, 10_000, "bytes")),
    ("mastodon", Kind.PUBLIC): ((mastodon_length, 500, _CHARACTERS),),
    ("mastodon", Kind.PRIVATE): ((mastodon_length, 500, _CHARACTERS),),
    ("facebook", Kind.PUBLIC): ((len, 8_000, _CHARACTERS),),
    ("facebook", Kind.PRIVATE): ((len, 2_000, _CHARACTERS),),
}
