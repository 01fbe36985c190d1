"""Where a reply is written: who it goes out as, how, how long it may be, and what gives pause before it goes.

News changes only what stands around the words: what somebody typed stays. ``assets/47-composer.js`` asks for the meter while
somebody types, keeps their words where the server cannot, and knows Ctrl+Enter and Ctrl+. for the buttons.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.disclosure import Finding
from models.lengths import Measure
from models.posts import Kind
from models.snapshots import Around, Composer, Looked, TemplateOffer, Thread, Way

NEAR = 20
"""Left of the limit from which the meter is loud."""
WAYS = {Kind.PUBLIC: "public", Kind.PRIVATE: "private"}


class Ids(StrEnum):
    KIND = "composer-kind"
    ACCOUNT = "composer-account"
    METER = "composer-meter"
    WARNINGS = "composer-warnings"
    ASKED = "composer-asked"
    CONFIRM = "composer-confirm"
    KEPT = "composer-kept"
    TYPED = "composer-typed"
    REPLACES = "composer-replaces"
    OPEN = "composer-templates-open"
    TEMPLATES = "composer-templates"
    FILTER = "composer-filter"


def part(name: str, conversation_id: int | Wildcard) -> dict[str, Any]:
    """A part that news changes: ``text`` (the words), ``send`` (the button), ``why`` (why not), ``window``, ``held``."""
    return {"type": f"composer-{name}", "id": conversation_id}


def spelled(name: dict[str, Any]) -> str:
    """An id of several parts as the browser's page has it."""
    return json.dumps(name, sort_keys=True, separators=(",", ":"))


def composer(thread: Thread | None) -> list[Any]:
    """Empty for who may not reply."""
    if thread is None or thread.composer is None:
        return []
    own = thread.composer
    marked = attributes(
        aria_label="Reply",
        data_composer=str(thread.id),
        data_person=str(own.user_id),
        data_kept_at=wording.iso(own.kept),
    )
    parts = [
        dcc.Store(id=Ids.TYPED),
        dcc.Store(id=Ids.REPLACES),
        _address(thread, own),
        html.P(window(thread), id=part("window", thread.id), className="composer-window"),
        _text(thread, own),
        html.P(held(thread), id=part("held", thread.id), className="composer-held", role="status"),
        html.Div(_foot(thread), className="composer-foot"),
        html.P(why_not(thread), id=part("why", thread.id), className="composer-why"),
        html.Div([html.Div(id=Ids.WARNINGS), _asked()], role="status", className="composer-doubts"),
        html.Div([], id=Ids.TEMPLATES, className="templates"),
    ]
    return [html.Section(parts, className="composer", **marked)]


def _address(thread: Thread, own: Composer) -> html.Div:
    """Who it goes out as, and how: "as @northshire, private"."""
    listed = [{"value": str(key), "label": marks.plain(handle)} for key, handle in own.accounts]
    several = len(listed) > 1
    choice = dbc.Select(id=Ids.ACCOUNT, options=listed, value=str(own.account_id), size="sm")
    label = html.Label("Account", htmlFor=Ids.ACCOUNT, className="visually-hidden")
    sender = [
        *([] if several else [html.Strong(marks.remote(thread.account))]),
        html.Span([label, choice], hidden=not several),
    ]
    options = [
        {"label": WAYS[way.kind], "value": str(way.kind), "disabled": bool(way.why), "input_id": f"way-{way.kind}"}
        for way in own.ways
    ]
    ways = dbc.RadioItems(id=Ids.KIND, options=options, value=first_way(thread, own), inline=True)
    return html.Div(
        [html.Span(["as ", marks.channel(thread.channel)]), html.Span(sender, className="composer-as"), ways],
        className="composer-address",
    )


def first_way(thread: Thread, own: Composer) -> str | None:
    """How one replies unless one chooses: as the draft was begun, else as the contact wrote last, where that is possible."""
    possible = [way.kind for way in own.ways if not way.why]
    heard = next((one.kind for one in reversed(thread.messages) if one.author is None and not one.elsewhere), None)
    return next((str(kind) for kind in (own.draft_kind, heard, *possible) if kind in possible), None)


def window(thread: Thread | Around) -> list[Any]:
    """Until when the network takes replies: the second deadline."""
    said: list[Any] = []
    for way in thread.composer.ways if thread.composer else ():
        said += _window(thread, way)
    return said


def held(thread: Thread | Around) -> list[Any]:
    """That a lockdown holds back what is sent here, and until when; empty where none does."""
    own = thread.composer
    if own is None or not own.held:
        return []
    until = wording.moment(max(at for _, at in own.held), thread.as_at, thread.workspace.zone)
    whole = len(own.held) == len(own.accounts)
    names = [marks.plain(handle) for key, handle in own.accounts if key in dict(own.held)]
    what = [] if whole else [f" as {' and '.join(names)}"]
    return [
        html.Strong("LOCKDOWN"),
        ": no reply leaves",
        *what,
        f" until {until}, or until a second administrator ends it. You may still send: it waits, and nothing is lost.",
    ]


def _window(thread: Thread | Around, way: Way) -> list[Any]:
    network, zone, now = wording.channel(thread.channel), thread.workspace.zone, thread.as_at
    if way.last is None:
        return [f"No {way.kind} reply: {way.why}. "] if way.why else []
    if way.why:
        return [f"{network} takes no {way.kind} reply since {wording.moment(way.last, now, zone)}. "]
    running = way.usual is not None and now < way.usual
    until = way.usual if running else way.last
    more = f"; what a person writes until {wording.moment(way.last, now, zone)}" if running else ", from a person"
    return [
        f"{network} takes {way.kind} replies for another ",
        left(until, now, className="strong"),
        f", until {wording.moment(until, now, zone)}{more}. ",
    ]


def left(until: datetime | None, now: datetime, **props: Any) -> html.Span:
    """How long it is until then; the browser goes on counting."""
    if until is None:
        return html.Span(wording.DASH, **props)
    return html.Span(wording.short_age(until - now), **attributes(data_left=wording.iso(until)), **props)


def _text(thread: Thread, own: Composer) -> html.Div:
    name = part("text", thread.id)
    label = html.Label(
        ["Reply to ", marks.remote(thread.contact), " ", marks.key("R")],
        htmlFor=spelled(name),
        **attributes(data_key="r"),
    )
    area = dbc.Textarea(id=name, value=own.draft, rows=3, readonly=not may_write(thread), spellcheck="true")
    meter = html.Span("", id=Ids.METER, className="composer-meter")
    return html.Div([html.Div([label, meter], className="composer-label"), area], className="composer-text")


def may_write(thread: Thread | Around) -> bool:
    """Only the holder sends, and only where the network takes anything."""
    return thread.mine and thread.composer is not None and any(not way.why for way in thread.composer.ways)


def why_not(thread: Thread | Around) -> list[Any]:
    """Why nothing can be written here now, and what to do; empty where it can."""
    if may_write(thread):
        return (
            ["A second person has to approve it before it goes out."]
            if thread.composer and thread.composer.approval
            else []
        )
    if thread.holder is None:
        return ["Claim it to reply ", marks.key("C"), "."]
    if not thread.mine:
        return [marks.remote(thread.holder), " is answering: only the holder replies."]
    return [f"Watchroom cannot reply on {wording.channel(thread.channel)} here."]


def _foot(thread: Thread) -> list[Any]:
    send = html.Button(
        ["Send ", marks.key("Ctrl+Enter")],
        id=part("send", thread.id),
        className="button button-first",
        type="button",
        disabled=not may_write(thread),
    )
    choose = html.Button(["Templates ", marks.key("Ctrl+.")], id=Ids.OPEN, className="button", type="button")
    kept = html.Span(_kept(thread), id=Ids.KEPT, className="composer-kept")
    return [send, choose, kept]


def _kept(thread: Thread) -> str:
    own = thread.composer
    return "" if own is None or own.kept is None else kept(own.kept, thread.as_at, thread.workspace.zone)


def kept(at: datetime, now: datetime, zone: str) -> str:
    """When the draft was kept."""
    return f"Draft kept {wording.moment(at, now, zone)}"


def _asked() -> html.Fieldset:
    """What has to be confirmed before it goes out."""
    legend = html.Legend("Look again. Send it all the same?")
    return html.Fieldset([legend, dbc.Checklist(id=Ids.CONFIRM, options=[], value=[])], id=Ids.ASKED, hidden=True)


def meter(length: Measure | None, text: str) -> list[Any]:
    """How much room is left, as the network counts; nothing before somebody writes."""
    if length is None or not text.strip():
        return []
    look = "over" if not length.fits else "near" if length.left <= NEAR else "fine"
    return [html.Span(meter_words(length), className=f"meter-{look}")]


def meter_words(length: Measure) -> str:
    """ "148 of 280 characters left", "12 characters too long"."""
    if length.fits:
        return f"{wording.number(length.left)} of {wording.number(length.limit)} {length.unit} left"
    return f"{wording.plural(-length.left, length.unit.removesuffix('s'))} too long"


def warnings(looked: Looked, text: str) -> list[Any]:
    """What no reply may hold here."""
    said = [
        html.P(f"No reply may hold “{marks.plain(word)}” here.", className="ink-emergency") for word in looked.words
    ]
    if looked.measure is not None and not looked.measure.fits and text.strip():
        said.insert(0, html.P(f"It is {meter_words(looked.measure)} for this network.", className="ink-emergency"))
    return said


def questions(found: Sequence[Finding], others: Sequence[str] = ()) -> list[dict[str, str]]:
    """The doubts to confirm, each once, with the words that raised it."""
    listed: dict[str, list[str]] = {}
    for one in found:
        listed.setdefault(str(one.given), []).append(f"“{marks.plain(one.words)}”")
    asked = [{"value": given, "label": f"It holds {given}: {', '.join(words)}"} for given, words in listed.items()]
    return [*asked, *({"value": one, "label": f"It {one}"} for one in others)]


def choices(offers: Sequence[TemplateOffer]) -> list[Any]:
    """The templates, filled in: a filter and a list to choose from."""
    if not offers:
        return [html.P("No template yet. An administrator adds them.", className="templates-none")]
    label = html.Label("Find a template", htmlFor=Ids.FILTER, className="visually-hidden")
    field = dbc.Input(id=Ids.FILTER, type="text", placeholder="Find a template", autocomplete="off")
    listed = html.Ul([html.Li(_choice(one)) for one in offers], className="templates-list")
    return [label, field, listed]


def _choice(one: TemplateOffer) -> html.Button:
    said = f"Cannot be used here: {one.why}." if one.why else one.text
    language = attributes(lang=wording.spoken(one.language))
    return html.Button(
        [html.Strong(marks.plain(one.name), **language), html.Span(marks.plain(said), dir="auto", **language)],
        className="template",
        type="button",
        disabled=bool(one.why),
        **attributes(data_template=one.text),
    )
