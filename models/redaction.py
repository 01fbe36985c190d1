"""Small counts are not published: with a place and a month they may point at one person."""

SMALL = 5
"""Counts from 1 to one less are withheld. Source: ONS, disclosure control for tables of counts."""
WITHHELD = f"1 to {SMALL - 1}"


def published(count: int) -> int | str:
    """The count, or in words that it is small. Nothing at all is said as 0."""
    return WITHHELD if 0 < count < SMALL else count
