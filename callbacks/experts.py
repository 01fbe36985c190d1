"""The directory of experts: sign on and off, keep skills and take them off."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number, pressed
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.places import fields_of, find
from callbacks.problems import NOTICE
from data.asking import call_off
from data.experts import drop_skill, keep_skill, sign_off, sign_on
from data.queries.experts import experts
from layouts import experts as layout
from models.experts import check_until
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.snapshots.experts import ExpertsPage

Ids = layout.Ids


def page(scope: Scope, _rest: str, query: str) -> Any:
    """The page at first paint."""
    return layout.page(_found(scope, query))


def _found(scope: Scope, query: str) -> ExpertsPage:
    fields = fields_of(query)
    return experts(house().database, scope, fields.get("skill", ""), fields.get("duty") == "on", house().clock())


@needs(Permission.READ)
def refresh(scope: Scope, _news: Any, path: str, search: str) -> Any:
    """The directory again."""
    place = find(path)
    if place is None or place.page.name != Ids.PAGE:
        raise PreventUpdate
    return layout.body(_found(scope, search))


@needs(Permission.READ)
def go_on(scope: Scope, clicks: int | None) -> tuple[str, Any]:
    """The person is on duty."""
    if not clicks:
        raise PreventUpdate
    sign_on(house().database, scope, house().clock())
    return "You are on duty.", drawn_again()


@needs(Permission.READ)
def go_off(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """Somebody is off duty. Raises the problems of ``data.experts.sign_off``."""
    sign_off(house().database, scope, _key(clicks, buttons), house().clock())
    return "Off duty.", drawn_again()


@needs(Permission.MOVE_WORK)
def keep(scope: Scope, clicks: int | None, who: Any, word: Any, until: Any) -> tuple[str, Any, str]:
    """Keep a skill. Raises the problems of ``data.experts.keep_skill``."""
    if not clicks:
        raise PreventUpdate
    key = number(who)
    if key is None:
        raise BadValue("colleague", "choose one")
    named, day = (one if isinstance(one, str) else "" for one in (word, until))
    keep_skill(house().database, scope, key, named, check_until(day), house().clock())
    return "The skill is kept.", drawn_again(), ""


@needs(Permission.MOVE_WORK)
def drop(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """Take a skill off. Raises the problems of ``data.experts.drop_skill``."""
    drop_skill(house().database, scope, _key(clicks, buttons), house().clock())
    return "The skill is taken off.", drawn_again()


@needs(Permission.ASSESS)
def end_ask(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]]) -> tuple[str, Any]:
    """No expert is needed any more. Raises the problems of ``data.asking.call_off``."""
    call_off(house().database, scope, _key(clicks, buttons), house().clock())
    return "Called off.", drawn_again()


def _key(clicks: list[int | None], buttons: list[dict[str, Any]]) -> int:
    key = number(pressed(clicks, buttons).get("id"))
    if key is None:
        raise NotFound
    return key


def register(app: Dash) -> None:
    """The directory follows the news; a button each."""
    where = [State(LOCATION, "pathname"), State(LOCATION, "search")]
    wire(app, refresh, Output(Ids.BODY, "children"), [Input(Ids.LIVE, "data")], where, prevent_initial_call=True)
    told = Output(NOTICE, "children", allow_duplicate=True)
    again = Output(Ids.LIVE, "data", allow_duplicate=True)
    wire(app, go_on, [told, again], [Input(Ids.ON, "n_clicks")], prevent_initial_call=True)
    facts = [State(part, "value") for part in (Ids.WHO, Ids.WORD, Ids.UNTIL)]
    outputs = [told, again, Output(Ids.WORD, "value")]
    wire(app, keep, outputs, [Input(Ids.KEEP, "n_clicks")], facts, prevent_initial_call=True)
    buttons = ((go_off, layout.off(ALL)), (drop, layout.drop(ALL)), (end_ask, layout.call_off(ALL)))
    for handler, button in buttons:
        wire(app, handler, [told, again], [Input(button, "n_clicks")], [State(button, "id")], prevent_initial_call=True)
