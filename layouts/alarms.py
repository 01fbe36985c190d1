"""Alarms: what calls somebody now, as a notice on every page and as a list, and what alarms cost those who hear them."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from dash import dcc, html
from dash.dependencies import Wildcard

from layouts import links, wording
from layouts.components import marks
from layouts.components.attributes import attributes
from models.snapshots.alarms import AlarmBudget, AlarmRow, AlarmsPage, Calling

SHOWN = 1
"""Alarms in the notice, which must not cover the queue; the others are on the page."""
WORDS = {
    "due soon": ("is due soon", "are due soon"),
    "breached": ("has waited past its target", "have waited past their target"),
    "risk": ("needs help at once", "need help at once"),
}
"""What is said of conversations, of one and of many, by the kind of alarm."""
OTHERS = {
    "unwatched": "Nobody is watching this account, and a message waits that nobody has seen",
    "failing": "This account cannot be read",
    "surge": "Far more messages than usual",
    "rule": "A rule calls you",
    "expert": "You are asked for as an expert",
    "no expert": "Nobody who is on duty could be reached as an expert",
}
"""What is said of an account or of the whole room."""


class Ids(StrEnum):
    PAGE = "alarms"
    BODY = "alarms-body"
    ALL = "alarms-all"
    SOUND = "alarms-sound"
    LIVE = "live-alarms"


def taking(key: int | Wildcard) -> dict[str, Any]:
    """The button that acknowledges this alarm, in the list."""
    return {"type": "alarm", "id": key}


def calling_button(key: int | Wildcard) -> dict[str, Any]:
    """The button that acknowledges this alarm, in the notice."""
    return {"type": "alarm-calling", "id": key}


def expert_button(key: int | Wildcard, answer: str | Wildcard) -> dict[str, Any]:
    """The button with which the expert who is called answers this question: ``yes`` or ``no``."""
    return {"type": "expert-answer", "id": key, "answer": answer}


def sentence(one: AlarmRow) -> str:
    """What an alarm says, without a word of what anybody wrote."""
    if one.kind in WORDS:
        single, many = WORDS[one.kind]
        number = "A conversation" if one.count == 1 else f"{wording.number(one.count)} conversations"
        return f"{number} {single if one.count == 1 else many}"
    said = OTHERS.get(one.kind, one.kind.capitalize())
    if one.kind == "expert" and not one.calls:
        said = f"{marks.plain(one.expert)} is called as an expert" if one.expert else "An expert was called"
    times = f" ({wording.number(one.count)} times)" if one.count > 1 else ""
    return f"{said}: {one.words}{times}" if one.words else f"{said}{times}"


def notice(found: Calling) -> list[Any]:
    """The most urgent alarm that calls this person, in the region that speaks at once; nothing where none does."""
    if not found.rows:
        return []
    rows = [_called(one, found, first=number == 0) for number, one in enumerate(found.rows[:SHOWN])]
    more = len(found.rows) - SHOWN
    way = f"and {wording.number(more)} more" if more > 0 else "All alarms"
    link = dcc.Link(way, href=links.page("/alarms", found.workspace.slug))
    return [
        html.Div(
            [*rows, html.P(link, className="alarm-more")],
            className="alarm-calls",
            **attributes(data_alarm_calls="true"),
        )
    ]


def _called(one: AlarmRow, found: Calling, first: bool) -> html.Div:
    parts: list[Any] = [html.P([_mark(one), " ", html.Strong(sentence(one))]), html.P(_where(one), className="aside")]
    return html.Div(
        [*parts, html.P(_ways(one, found.workspace.slug, calling_button(one.id), shown=first, keyed=first))],
        className="alarm-call",
    )


def _ways(one: AlarmRow, slug: str, button: dict[str, Any], *, shown: bool, keyed: bool = True) -> list[Any]:
    """The button that acknowledges it, with its key (and whether that is shown), and the way to what it is about."""
    if one.ask_id is not None:
        return [*(_answers(one, one.ask_id, shown, keyed) if one.calls else ()), *_link(one, slug)]
    words: list[Any] = ["Acknowledge", html.Span(f": {sentence(one)}", className="visually-hidden")]
    if shown:
        words += [" ", marks.key("!")]
    here = attributes(data_key="!") if keyed else {}
    return [html.Span(html.Button(words, id=button, className="button", type="button"), **here), *_link(one, slug)]


def _link(one: AlarmRow, slug: str) -> list[Any]:
    if one.conversation_id is None:
        return []
    about = f": {sentence(one)}, {one.account}"
    said = ["Open the newest" if one.count > 1 else "Open it", html.Span(about, className="visually-hidden")]
    return [" ", dcc.Link(said, href=links.conversation(one.conversation_id, slug))]


def _answers(one: AlarmRow, ask_id: int, shown: bool, keyed: bool) -> list[Any]:
    about = html.Span(f": {sentence(one)}", className="visually-hidden")
    parts: list[Any] = ["I will", about, *([" ", marks.key("!")] if shown else [])]
    yes = html.Button(parts, id=expert_button(ask_id, "yes"), className="button button-first", type="button")
    no = html.Button(["I cannot", about], id=expert_button(ask_id, "no"), className="button", type="button")
    return [html.Span(yes, **(attributes(data_key="!") if keyed else {})), " ", no]


def _mark(one: AlarmRow) -> html.Span:
    return marks.grade(one.grade) if one.grade else html.Span(marks.shape("priority"), className="grade ink-priority")


def _where(one: AlarmRow) -> list[Any]:
    parts: list[Any] = []
    if one.account:
        parts += [marks.channel(one.channel), " ", marks.remote(one.account)]
    if one.team:
        parts += [", " if parts else "", "team ", marks.remote(one.team)]
    return parts


def page(found: AlarmsPage) -> html.Div:
    """The page at first paint; ``BODY`` is drawn again when an alarm began, climbed or ended. The bar holds its news."""
    return html.Div(
        html.Div(body(found), id=Ids.BODY),
        id=Ids.PAGE,
        className="sheet",
        **attributes(data_workspace=found.workspace.slug, data_revision=str(found.revision)),
    )


def body(found: AlarmsPage) -> list[Any]:
    """Heading, the supervisor's tiles, what is open, and what was over in the last day."""
    at = f"{wording.plural(len(found.open), 'open', 'open')}, as at {wording.clock(found.as_at, found.workspace.zone)}"
    head: list[Any] = [html.H1("Alarms"), html.Span(at, className="aside")]
    if found.acknowledges and found.open:
        head.append(html.Button("Acknowledge all", id=Ids.ALL, className="button", type="button"))
    sound = attributes(data_alarm_sound="true", aria_pressed="false")
    head.append(html.Button("Sound is off", id=Ids.SOUND, className="button", type="button", **sound))
    parts: list[Any] = [html.Div(head, className="sheet-head"), *([_budget(found.budget)] if found.budget else [])]
    if found.open:
        first = next((one for one in found.open if one.ask_id is None or one.calls), None)
        parts.append(html.Ul([_row(one, found, one is first) for one in found.open], className="called-list"))
    else:
        empty = "No alarm is open. What is due soon or past its target, and risks to life, appear here at once."
        parts.append(html.P(empty, className="panel-empty"))
    if found.over:
        parts += [html.H2("Last 24 hours"), html.Ul([_row(one, found) for one in found.over], className="called-list")]
    return parts


def _row(one: AlarmRow, found: AlarmsPage, first: bool = False) -> html.Li:
    """Its key takes the row that has the focus, and otherwise the first, which shows it."""
    zone, now = found.workspace.zone, found.as_at
    when = f"raised {wording.moment(one.raised, now, zone)}"
    if one.count > 1:
        when += f", the newest {wording.moment(one.latest, now, zone)}"
    parts: list[Any] = [
        html.P([_mark(one), " ", html.Strong(sentence(one))], className="called-about"),
        html.P([*_where(one), ", " if one.account or one.team else "", when, *_stands(one, found)], className="aside"),
    ]
    if one.open and found.acknowledges:
        parts.append(html.P(_ways(one, found.workspace.slug, taking(one.id), shown=first)))
    look = "called is-unread" if one.open else "called"
    return html.Li(parts, className=look, **attributes(data_row="true", data_id=str(one.id)))


def _stands(one: AlarmRow, found: AlarmsPage) -> list[Any]:
    zone, now = found.workspace.zone, found.as_at
    if one.acknowledged is not None:
        return [", ", marks.remote(one.by), f" acknowledged it {wording.moment(one.acknowledged, now, zone)}"]
    if one.cleared is not None:
        return [f", over {wording.moment(one.cleared, now, zone)} by itself"]
    if one.ask_id is not None:
        return [", the next one is called without an answer"]
    return [f", calls the {one.step}" + (" and you" if one.calls and one.step != "team" else "")]


def _budget(found: AlarmBudget) -> html.Dl:
    over = found.most > found.budget
    each = wording.DASH if found.mean is None else f"{found.mean:.1f}"
    said = f"{wording.plural(found.raised, 'alarm')} to {wording.plural(found.operators, 'operator')} at work"
    most = f"most to one: {wording.number(found.most)}, {'over' if over else 'within'} the budget of {found.budget}"
    worst = f"worst {lag(found.worst_lag)}, n {wording.number(found.caused)}, last 24 h"
    return html.Dl(
        [
            _tile("Alarms per operator, last 10 min", each, (said, most), over),
            _tile("Told after the instant (median)", lag(found.median_lag), (worst,), over=False),
        ],
        className="alarm-tiles",
    )


def _tile(name: str, figure: str, said: Sequence[str], over: bool) -> html.Div:
    look = "alarm-tile is-over" if over else "alarm-tile"
    parts = [html.Dd(figure, className="alarm-figure"), *(html.Dd(one, className="aside") for one in said)]
    return html.Div([html.Dt(name), *parts], className=look)


def lag(length: timedelta | None) -> str:
    """A detection lag: in tenths of a second while it is small; a dash where nothing was raised."""
    if length is None:
        return wording.DASH
    seconds = length.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else wording.age(length)
