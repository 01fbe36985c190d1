"""Text from outside, made fit to be stored: Postgres refuses NUL, and no encoding knows half a surrogate pair."""

import re

LONGEST_TEXT = 40_000
LONGEST_RAW = 64_000
LONGEST_NAME = 200

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def storable(text: str, longest: int = LONGEST_TEXT) -> str:
    """Give ``text`` without NUL and lone surrogates, cut after ``longest`` characters; a cut says how much is gone."""
    whole = _HALF_PAIR.sub("\ufffd", text.replace("\0", ""))
    if len(whole) <= longest:
        return whole
    return f"{whole[:longest]} [cut here: {len(whole) - longest} further characters were not kept]"


def storable_name(text: str) -> str:
    """Give a handle, name or id in one line of at most ``LONGEST_NAME`` characters."""
    return " ".join(_HALF_PAIR.sub("\ufffd", text.replace("\0", "")).split())[:LONGEST_NAME]


def unescaped(text: str) -> str:
    """Undo the three escapes that X writes into a text (``&lt;``, ``&gt;``, ``&amp;``) and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
