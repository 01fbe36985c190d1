"""Marks that carry a state: always a shape and a word, never colour alone."""

from datetime import datetime
from typing import Any

from dash import html

from layouts import wording
from layouts.components.attributes import attributes
from models.snapshots import GradeMark

LOOKS = ("emergency", "priority", "standard", "done", "unknown")
CHANNEL_LOOKS = ("x", "facebook", "mastodon", "bluesky")
NON_RETAINED = "\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"
"""Controls of writing direction: text from outside must not turn the words beside it around."""


def shape_class(look: str) -> str:
    """The class of a shape: triangle, diamond, circle, tick; a dashed ring for what is not known."""
    return f"shape shape-{look if look in LOOKS else 'unknown'}"


def shape(look: str, **props: Any) -> html.Span:
    """A shape alone. It says nothing to a screen reader: the word stands beside it."""
    return html.Span(className=shape_class(look), **attributes(aria_hidden="true"), **props)


def grade(mark: GradeMark) -> html.Span:
    """A grade: shape, word, colour."""
    return html.Span(
        [shape(mark.look), html.Span(mark.word, className="grade-word")], className=f"grade ink-{mark.look}"
    )


def channel(key: str) -> html.Span:
    """A network: its fixed colour, with its name for those who do not see it."""
    look = key if key in CHANNEL_LOOKS else "other"
    return html.Span(
        html.Span(wording.channel(key), className="visually-hidden"),
        className=f"swatch channel-{look}",
        title=wording.channel(key),
    )


def remote(text: str, language: str | None = None, **props: Any) -> html.Bdi:
    """Text from outside: always a string, in its own direction and language, so that it moves nothing around it."""
    return html.Bdi(plain(text), dir="auto", **attributes(lang=wording.spoken(language)), **props)


def plain(text: object) -> str:
    """Text from outside as a plain string without direction controls."""
    return str(text).translate(dict.fromkeys(map(ord, NON_RETAINED)))


def key(name: str) -> html.Kbd:
    """The key that does the same."""
    return html.Kbd(name)


def aged(at: datetime | None, now: datetime, **props: Any) -> html.Span:
    """An age that the ticker keeps counting, a dash where its beginning is not known."""
    if at is None:
        return html.Span(wording.DASH, **props)
    return html.Span(wording.age(now - at), **attributes(data_since=wording.iso(at)), **props)


def due(at: datetime | None, now: datetime, **props: Any) -> html.Span:
    """The time to a due time, counted by the ticker; ``data-over`` says that it has come."""
    if at is None:
        return html.Span(wording.DASH, **props)
    over = str(wording.is_over(now, at)).lower()
    return html.Span(wording.due(now, at), **attributes(data_due=wording.iso(at), data_over=over), **props)
