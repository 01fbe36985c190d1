"""Words and numbers of an address, read forgivingly: what makes no sense is left out."""

LARGEST = 2**63 - 1
"""The largest key that either database can hold."""
LONGEST = 64
"""Characters of a channel or grade in an address; a longer one is nobody's."""


def word_in(value: object) -> str:
    """A word of an address without outer blanks; empty for anything else, also for what cannot be written in one."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    word = value.strip() if isinstance(value, str) and len(value) <= LONGEST else ""
    return word if word == word.encode(errors="ignore").decode() else ""


def number_in(value: object) -> int | None:
    """A whole number from 1 to ``LARGEST``, else None."""
    text = word_in(str(value) if isinstance(value, int) else value)
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if 1 <= number <= LARGEST else None
