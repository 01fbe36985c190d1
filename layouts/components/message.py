"""One message of a thread. Its text came from outside: it is only ever a string, cut where words were matched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.folding import Span
from models.posts import Direction
from models.snapshots import ThreadMessage


def highlighted(text: str, spans: Sequence[Span]) -> list[Any]:
    """The text in pieces, the matched stretches marked. Spans may overlap; what lies outside the text is ignored."""
    pieces: list[Any] = []
    at = 0
    for span in sorted(spans):
        begin, end = max(span.begin, at), min(span.end, len(text))
        if begin < end:
            pieces += [marks.plain(text[at:begin]), html.Mark(marks.plain(text[begin:end]))]
            at = end
    return [piece for piece in [*pieces, marks.plain(text[at:])] if piece]


def message(one: ThreadMessage, now: datetime, zone: str) -> html.Article:
    """A message with who, when, how, and why a rule hit."""
    spans = [span for hit in one.matched for span in hit.spans]
    text = html.P(
        highlighted(one.text, spans),
        dir="auto",
        className="message-text",
        **attributes(lang=wording.spoken(one.language)),
    )
    gone = html.P(f"Deleted by its author, {wording.moment(one.deleted, now, zone)}.", className="message-gone")
    parts = [
        *([gone] if one.deleted else []),
        *([text] if one.text else []),
        *(html.P(marks.plain(f"Attached: {media}"), dir="auto", className="message-media") for media in one.media),
        html.P(_about(one, now, zone), className="message-about"),
        *([_earlier(one, now, zone)] if one.earlier else []),
    ]
    side = "theirs" if one.direction is Direction.IN else "ours"
    look = f"message message-{side}{' is-gone' if one.deleted else ''}"
    return html.Article(parts, className=look, **attributes(data_message=str(one.id)))


def _about(one: ThreadMessage, now: datetime, zone: str) -> list[Any]:
    facts = [wording.moment(one.sent, now, zone), wording.KINDS[one.kind]]
    if one.place:
        facts.append(f"{'to' if one.direction is Direction.IN else 'by'} {one.place}")
    if one.direction is Direction.OUT:
        facts.insert(0, _writer(one))
    if spoken := wording.language(one.language):
        facts.append(spoken)
    if one.edited:
        facts.append(f"edited {wording.moment(one.edited, now, zone)}")
    hits = [f"{hit.rule} (“{'”, “'.join(hit.words)}”)" if hit.words else hit.rule for hit in one.matched]
    matched = [html.Span(f" Matched: {'; '.join(hits)}.", className="matched")] if hits else []
    return [html.Span(marks.plain(", ".join(facts)) + "."), *matched]


def _writer(one: ThreadMessage) -> str:
    if one.automatic:
        return "automatic reply"
    return "answered outside Watchroom" if one.elsewhere else one.author or "us"


def _earlier(one: ThreadMessage, now: datetime, zone: str) -> html.Details:
    said = [
        html.P([marks.remote(version.text, one.language), f" ({wording.moment(version.at, now, zone)})"])
        for version in one.earlier
    ]
    count = wording.plural(len(said), "earlier version")
    return html.Details([html.Summary(count), *said], className="earlier")
