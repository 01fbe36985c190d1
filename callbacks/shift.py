"""The shift: built of now or of an earlier minute, handed over, accepted by name, taken back."""

from datetime import datetime
from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number, pressed
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.past import AT, instant_in
from callbacks.places import fields_of, find
from callbacks.problems import NOTICE
from data.people import workspace_mark
from data.queries.shift import picture_at, shift
from data.shifts import accept_shift, give_shift, take_shift_back
from layouts import links
from layouts import shift as layout
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound

Ids = layout.Ids


def page(scope: Scope, rest: str, query: str) -> Any:
    """The page at first paint. Raises ``NotFound``."""
    chosen = None if rest else _chosen(scope, query)
    return layout.page(shift(house().database, scope, int(rest) if rest else None, chosen, house().clock()))


def _chosen(scope: Scope, query: str) -> datetime | None:
    """The minute that an address asks for."""
    fields = fields_of(query)
    if AT not in fields:
        return None
    return instant_in(fields[AT], workspace_mark(house().database, scope.workspace_id).zone, house().clock())


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str, search: str) -> Any:
    """What waits, the picture and the list again."""
    place = find(path)
    if place is None or place.page.name != Ids.PAGE or place.rest:
        raise PreventUpdate
    return layout.regions(shift(house().database, scope, None, _chosen(scope, search), house().clock()))


@needs(Permission.MOVE_WORK)
def give(scope: Scope, clicks: int | None, note: str | None, taker: str | None, search: str) -> tuple[str, Any, str]:
    """Hand over what the page shows. Raises the problems of ``data.shifts.give_shift``."""
    if not clicks:
        raise PreventUpdate
    now = house().clock()
    picture = picture_at(house().database, scope, _chosen(scope, search), now)
    if picture is None:
        raise BadValue("time", "what stood at that minute was not kept; choose a later one")
    to = None if taker in (None, layout.ANYBODY) else number(taker) or 0
    give_shift(house().database, scope, picture, note if isinstance(note, str) else "", to, now)
    return "The shift is handed over. It is yours until somebody accepts it.", drawn_again(), ""


@needs(Permission.MOVE_WORK)
def accept(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """Take the shift over. Raises the problems of ``data.shifts.accept_shift``."""
    accept_shift(house().database, scope, _key(clicks, buttons), house().clock())
    return "The shift is yours.", drawn_again()


@needs(Permission.MOVE_WORK)
def take_back(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """It was not meant yet. Raises the problems of ``data.shifts.take_shift_back``."""
    take_shift_back(house().database, scope, _key(clicks, buttons), house().clock())
    return "The hand-over is taken back.", drawn_again()


def _key(clicks: list[int | None], buttons: list[dict[str, Any]]) -> int:
    key = number(pressed(clicks, buttons).get("id"))
    if key is None:
        raise NotFound
    return key


@needs(Permission.READ)
def go(scope: Scope, clicks: int | None, day: str | None, time: str | None) -> str:
    """The same page of another minute."""
    if not clicks or not day or not time:
        raise PreventUpdate
    zone = workspace_mark(house().database, scope.workspace_id).zone
    at = instant_in(f"{day}T{time}", zone, house().clock())
    return f"{links.page('/shift', scope.slug)}&{AT}={links.instant(at)}"


def register(app: Dash) -> None:
    """The regions follow the news; each button does one thing."""
    where = [State(LOCATION, "pathname"), State(LOCATION, "search")]
    regions = [Output(part, "children") for part in (Ids.WAITING, Ids.PICTURE, Ids.PAST)]
    wire(app, refresh, regions, [Input(Ids.LIVE, "data")], where, prevent_initial_call=True)
    told = Output(NOTICE, "children", allow_duplicate=True)
    again = Output(Ids.LIVE, "data", allow_duplicate=True)
    facts = [State(Ids.NOTE, "value"), State(Ids.TAKER, "value"), where[1]]
    outputs = [told, again, Output(Ids.NOTE, "value")]
    wire(app, give, outputs, [Input(Ids.GIVE, "n_clicks")], facts, prevent_initial_call=True)
    for handler, button in ((accept, layout.accept(ALL)), (take_back, layout.take_back(ALL))):
        wire(app, handler, [told, again], [Input(button, "n_clicks")], [State(button, "id")], prevent_initial_call=True)
    moment = [State(Ids.DAY, "value"), State(Ids.TIME, "value")]
    away = Output(LOCATION, "href", allow_duplicate=True)
    wire(app, go, away, [Input(Ids.GO, "n_clicks")], moment, prevent_initial_call=True)
