"""Alarms: the notice on every page, the number in the bar, the list, and the buttons that acknowledge."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import pressed
from callbacks.fields import key_of
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import find
from callbacks.problems import NOTICE
from data.alarms import acknowledge
from data.asking import acknowledge_ask, decline_ask
from data.queries.alarms import alarms, calling
from layouts import alarms as layout
from layouts import shell, wording
from models.permissions import Permission, Scope

Ids = layout.Ids


def page(scope: Scope, _rest: str, _query: str) -> Any:
    """The page at first paint."""
    return layout.page(alarms(house().database, scope, house().clock()))


@needs(Permission.READ)
def called(scope: Scope, _news: Any) -> tuple[Any, Any]:
    """The notice and the number, at first and whenever an alarm began, climbed or ended."""
    found = calling(house().database, scope, house().clock())
    return layout.notice(found), shell.alarmed(len(found.rows))


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str) -> Any:
    """The list again."""
    place = find(path)
    if place is None or place.page.name != Ids.PAGE:
        raise PreventUpdate
    return layout.body(alarms(house().database, scope, house().clock()))


@needs(Permission.CLAIM)
def take_one(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The person has this one in hand."""
    return _take(scope, [key_of(pressed(clicks, buttons)["id"])])


@needs(Permission.CLAIM)
def take_all(scope: Scope, clicks: int | None) -> tuple[str, Any]:
    """The person has all of them in hand."""
    if not clicks:
        raise PreventUpdate
    found = alarms(house().database, scope, house().clock())
    return _take(scope, [one.id for one in found.open])


def _take(scope: Scope, keys: list[int]) -> tuple[str, Any]:
    number = acknowledge(house().database, scope, keys, house().clock())
    said = (
        f"{wording.plural(number, 'alarm')} acknowledged."
        if number
        else "Somebody was quicker, or it is over by itself."
    )
    return said, {"as_at": house().clock().isoformat()}


@needs(Permission.CLAIM)
def answer_ask(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """The expert who is called says whether they will. Raises the problems of ``data.asking.acknowledge_ask``."""
    button, found = pressed(clicks, buttons), house()
    key, now = key_of(button["id"]), found.clock()
    if button["answer"] == "yes":
        taken = acknowledge_ask(found.database, scope, key, now)
        said = "You have it. Open the conversation." if taken else "Your accreditation ran out: the next one is called."
    else:
        decline_ask(found.database, scope, key, now)
        said = "The next one is called."
    return said, {"as_at": now.isoformat()}


def register(app: Dash) -> None:
    """The notice, the bar and the list follow the same news; acknowledging tells them to look again."""
    news = Input(Ids.LIVE, "data")
    seen = [Output(shell.Ids.ALARM, "children"), Output(shell.Ids.ALARMS, "children")]
    wire(app, called, seen, [news])
    wire(app, refresh, Output(Ids.BODY, "children"), [news], [State(LOCATION, "pathname")], prevent_initial_call=True)
    told = [Output(NOTICE, "children", allow_duplicate=True), Output(Ids.LIVE, "data", allow_duplicate=True)]
    for one in (layout.taking(ALL), layout.calling_button(ALL)):
        wire(app, take_one, told, [Input(one, "n_clicks")], [State(one, "id")], prevent_initial_call=True)
    answers = layout.expert_button(ALL, ALL)
    wire(app, answer_ask, told, [Input(answers, "n_clicks")], [State(answers, "id")], prevent_initial_call=True)
    wire(app, take_all, told, [Input(Ids.ALL, "n_clicks")], prevent_initial_call=True)
