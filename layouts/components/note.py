"""A note among colleagues, set apart from what the public says. Its text is only ever a string."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.snapshots.cases import Colleague, ThreadNote


def note(one: ThreadNote, now: datetime, zone: str, change: Any = None) -> html.Article:
    """A note with who and when, what it said before, and ``change``, the button of its author."""
    who: list[Any] = [html.Strong(marks.remote(one.author)), f", {wording.moment(one.written, now, zone)}"]
    if one.place:
        who += [", on ", marks.remote(one.place)]
    if one.corrected is not None:
        who.append(f", corrected {wording.moment(one.corrected, now, zone)}")
    text = html.P(named(one.text, one.named), dir="auto", className="note-text")
    parts: list[Any] = [html.P(["Note by ", *who], className="note-about"), text]
    if one.struck is not None:
        gone = f"Struck out by its author, {wording.moment(one.struck, now, zone)}."
        parts = [parts[0], html.P(gone, className="note-gone"), html.P(html.Del(text.children), className="note-text")]
    parts += [_earlier(one, now, zone)] if one.earlier else []
    parts += [change] if change is not None and one.struck is None else []
    return html.Article(parts, className="note", **attributes(data_note=str(one.id)))


def named(text: str, people: Sequence[Colleague]) -> list[Any]:
    """The text in pieces, with the names of colleagues whom it calls marked."""
    if not people:
        return [marks.plain(text)]
    names = "|".join(re.escape(one.sign_in) for one in sorted(people, key=lambda one: -len(one.sign_in)))
    full = {one.sign_in: one.name for one in people}
    pieces: list[Any] = []
    at = 0
    for found in re.finditer(rf"(?<![\w@.])@({names})(?!\w)", text, re.IGNORECASE):
        name = full.get(found[1].casefold(), found[1])
        pieces += [marks.plain(text[at : found.start()]), html.Strong(marks.plain(f"@{name}"), className="called")]
        at = found.end()
    return [piece for piece in [*pieces, marks.plain(text[at:])] if piece]


def _earlier(one: ThreadNote, now: datetime, zone: str) -> html.Details:
    said: list[Any] = [
        html.P([marks.remote(version.text), f" ({wording.moment(version.at, now, zone)})"]) for version in one.earlier
    ]
    return html.Details([html.Summary(wording.plural(len(said), "earlier version")), *said], className="earlier")
