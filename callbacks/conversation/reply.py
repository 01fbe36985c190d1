"""The composer: what is typed is measured, looked at and kept; then it is handed in, and can be undone for ten seconds."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number
from callbacks.fields import key_of
from callbacks.guard import needs, wire
from callbacks.house import house
from callbacks.problems import NOTICE
from data.checks import OTHER_ACCOUNT
from data.drafts import keep_draft
from data.outbox import queue_reply
from data.queries.replies import around, offers
from data.queries.replies import look as look_at
from layouts import conversation as panel
from layouts.conversation import reply as layout
from models.outbox import UNDO
from models.permissions import Permission, Scope
from models.posts import Kind
from models.snapshots import Around

Ids = layout.Ids
TEXT = layout.part("text", ALL)


def kind_of(value: Any) -> Kind:
    """How a reply goes out, as the browser sends it. Raises ``PreventUpdate`` for what is no way to reply."""
    if not isinstance(value, str) or value not in layout.WAYS:
        raise PreventUpdate
    return Kind(value)


def only(values: list[Any]) -> Any:
    """The one composer's value. Raises ``PreventUpdate`` where there is no composer."""
    if len(values) != 1:
        raise PreventUpdate
    return values[0]


def key_in(names: list[dict[str, Any]]) -> int:
    """The conversation that the composer belongs to."""
    return key_of(only(names)["id"])


@needs(Permission.READ)
def stand(scope: Scope, _news: Any, names: list[dict[str, Any]]) -> tuple[list[Any], ...]:
    """What stands around the words, after news: whether one may write now, why not, window, lockdown. Never the words."""
    found = around(house().database, scope, key_in(names), house().clock())
    closed = not layout.may_write(found)
    return [closed], [closed], [layout.why_not(found)], [layout.window(found)], [layout.held(found)]


@needs(Permission.REPLY)
def look(
    scope: Scope,
    typed: Any,
    kind: str | None,
    account: str | None,
    texts: list[str | None],
    names: list[dict[str, Any]],
    asked: list[dict[str, str]],
    confirmed: list[str],
) -> tuple[Any, ...]:
    """The meter, what gives pause, and the draft kept where the browser says that somebody has paused."""
    key, text, way = key_in(names), only(texts) or "", kind_of(kind)
    found, now = house(), house().clock()
    looked = look_at(found.database, scope, key, text, way)
    elsewhere = number(account) not in (None, looked.account_id)
    questions = layout.questions(looked.found, [OTHER_ACCOUNT] if elsewhere else [])
    kept: Any = no_update
    if isinstance(typed, dict) and typed.get("keep"):
        keep_draft(found.database, scope, key, text, way, now)
        kept = layout.kept(now, now, looked.zone) if text.strip() else ""
    return (
        layout.meter(looked.measure, text),
        layout.warnings(looked, text),
        questions,
        # What was confirmed of other words is not confirmed of these.
        confirmed if questions == asked else [],
        not questions,
        kept,
        typed.get("number") if kept is not no_update else no_update,
    )


@needs(Permission.REPLY)
def send(
    scope: Scope,
    clicks: list[int | None],
    texts: list[str | None],
    names: list[dict[str, Any]],
    kind: str | None,
    account: str | None,
    confirmed: list[str],
    replaces: Any,
) -> tuple[Any, ...]:
    """Hand it in. Where that is refused the words stay where they are. Raises the problems of ``data.outbox.queue_reply``."""
    if not only(clicks):
        raise PreventUpdate
    key, found = key_in(names), house()
    before = around(found.database, scope, key, found.clock())
    queue_reply(
        found.database,
        scope,
        key,
        only(texts) or "",
        kind_of(kind),
        found.clock(),
        confirmed=confirmed,
        account_id=number(account),
        replaces=replaces if isinstance(replaces, int) else None,
    )
    seconds = int(UNDO.total_seconds())
    return _said(before, number(account), seconds), drawn_again(), [""], [], None, ""


def _said(before: Around, account_id: int | None, seconds: int) -> str:
    own = before.composer
    if own is not None and own.approval:
        return "A second person has to approve it."
    if own is not None and (account_id or own.account_id) in dict(own.held):
        return "A lockdown holds it back: it waits. Z takes it back within a few seconds."
    return f"It goes out in {seconds} seconds. Z takes it back."


@needs(Permission.REPLY)
def open_templates(scope: Scope, clicks: int | None, names: list[dict[str, Any]]) -> Any:
    """The templates, filled in for this conversation."""
    if not clicks:
        raise PreventUpdate
    return layout.choices(offers(house().database, scope, key_in(names), house().clock()))


def register(app: Dash) -> None:
    """Everything in the composer is answered here; ``outgoing`` puts words back into it."""
    names = State(TEXT, "id")
    around = [
        Output(TEXT, "readonly"),
        Output(layout.part("send", ALL), "disabled"),
        Output(layout.part("why", ALL), "children"),
        Output(layout.part("window", ALL), "children"),
        Output(layout.part("held", ALL), "children"),
    ]
    wire(app, stand, around, [Input(panel.Ids.LIVE, "data")], [names], prevent_initial_call=True)
    _wire_look(app, names)
    sent = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(panel.Ids.LIVE, "data", allow_duplicate=True),
        Output(TEXT, "value", allow_duplicate=True),
        Output(Ids.CONFIRM, "value", allow_duplicate=True),
        Output(Ids.REPLACES, "data", allow_duplicate=True),
        Output(Ids.KEPT, "children", allow_duplicate=True),
    ]
    states = [State(TEXT, "value"), names, State(Ids.KIND, "value"), State(Ids.ACCOUNT, "value")]
    states += [State(Ids.CONFIRM, "value"), State(Ids.REPLACES, "data")]
    wire(app, send, sent, [Input(layout.part("send", ALL), "n_clicks")], states, prevent_initial_call=True)
    wire(
        app,
        open_templates,
        Output(Ids.TEMPLATES, "children"),
        [Input(Ids.OPEN, "n_clicks")],
        [names],
        prevent_initial_call=True,
    )


def _wire_look(app: Dash, names: State) -> None:
    outputs = [
        Output(Ids.METER, "children"),
        Output(Ids.WARNINGS, "children"),
        Output(Ids.CONFIRM, "options"),
        Output(Ids.CONFIRM, "value"),
        Output(Ids.ASKED, "hidden"),
        Output(Ids.KEPT, "children"),
        Output(Ids.KEPT, "data-number"),
    ]
    inputs = [Input(Ids.TYPED, "data"), Input(Ids.KIND, "value"), Input(Ids.ACCOUNT, "value")]
    states = [State(TEXT, "value"), names, State(Ids.CONFIRM, "options"), State(Ids.CONFIRM, "value")]
    wire(app, look, outputs, inputs, states, prevent_initial_call=True)
