"""Whether two texts are the same words, as far as a network may have changed them on the way.

A network may put the handles of the people answered in front, write links in its own form, turn ``&`` into an entity,
compose accents and fold blanks. Everything else must be the same, letter by letter.
"""

import html
import unicodedata

import regex

from models.links import links

_NAMES_IN_FRONT = regex.compile(r"(?:@[\w.@-]+\s+)+")
_LINK = "\ufffc"


def compared(text: str) -> str:
    """The text without what a network may change: equal for two texts that say the same."""
    text = unicodedata.normalize("NFC", html.unescape(text)).replace("\ufe0f", "")
    kept, at = [], 0
    for link in links(text):
        kept.append(text[at : link.begin])
        at = link.end
    plain = " ".join(_LINK.join([*kept, text[at:]]).split())
    return _NAMES_IN_FRONT.sub("", f"{plain} ", 1).strip() if plain.startswith("@") else plain
