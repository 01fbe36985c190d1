"""Compose a METHANE report: what is typed is kept as it is typed, messages are cited for the line that is chosen."""

from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, pressed
from callbacks.fields import key_of
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.incidents.managing import standing
from callbacks.problems import NOTICE
from data.incidents import keep_methane, redraft
from data.queries.incidents import incidents
from layouts import wording
from layouts.incidents import methane as layout
from layouts.incidents.ids import Ids, cite, cited_by, text_of, uncite
from models.incidents import Draft, Major
from models.permissions import Permission, Scope


@needs(Permission.ASSESS)
def type_in(scope: Scope, major: Any, texts: list[Any], path: str) -> str:
    """Keep what was typed so far."""
    found = house()
    redraft(found.database, scope, standing(path), lambda draft: typed(draft, major, texts), found.clock())
    page = incidents(found.database, scope, standing(path), found.clock())
    return f"Kept as a draft, {wording.clock(page.as_at, page.workspace.zone)}."


def typed(draft: Draft, major: Any, texts: Any) -> Draft:
    """The draft with the words of the page; what makes no sense is not known."""
    lines = [text if isinstance(text, str) else "" for text in texts] if isinstance(texts, list) else []
    return draft.typed(Major(major) if major in set(Major) else Major.UNKNOWN, lines)


@needs(Permission.ASSESS)
def cite_one(
    scope: Scope, clicks: list[int | None], line: str | None, buttons: list[dict[str, Any]], path: str
) -> tuple[Any, ...]:
    """Put the message under the line that is chosen."""
    message = key_of(pressed(clicks, buttons)["id"])
    redraft(house().database, scope, standing(path), lambda draft: draft.cite(line or "", message), house().clock())
    return (*shown(scope, path), drawn_again())


@needs(Permission.ASSESS)
def uncite_one(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]], path: str) -> tuple[Any, ...]:
    """Take the message off the line."""
    button = pressed(clicks, buttons)
    off = str(button.get("line")), key_of(button["id"])
    redraft(house().database, scope, standing(path), lambda draft: draft.uncite(*off), house().clock())
    return (*shown(scope, path), drawn_again())


@needs(Permission.ASSESS)
def keep(scope: Scope, clicks: int | None, major: Any, texts: list[Any], path: str) -> tuple[str, Any]:
    """Keep a version. Raises the problems of ``data.incidents.keep_methane``."""
    if not clicks:
        raise PreventUpdate
    found, key = house(), standing(path)
    draft = redraft(found.database, scope, key, lambda draft: typed(draft, major, texts), found.clock())
    number = keep_methane(found.database, scope, key, draft, found.clock())
    return f"Version {number} is kept. Press Y to copy it as plain text.", drawn_again()


def shown(scope: Scope, path: str) -> tuple[Any, ...]:
    """What each line cites now."""
    page = incidents(house().database, scope, standing(path), house().clock())
    lines = page.chosen.draft.lines if page.chosen is not None else ()
    return ([layout.citations(one, page) for one in lines],)


def register(app: Dash) -> None:
    """Fields, citations and the button that keeps a version."""
    where = State(LOCATION, "pathname")
    fields = [Input(Ids.MAJOR, "value"), Input(text_of(ALL), "value")]
    wire(app, type_in, Output(Ids.SAVED, "children"), fields, [where], prevent_initial_call=True)
    again = Output(Ids.LIVE, "data", allow_duplicate=True)
    outputs = [Output(cited_by(ALL), "children", allow_duplicate=True), again]
    each = cite(ALL)
    states = [State(Ids.LINE, "value"), State(each, "id"), where]
    wire(app, cite_one, outputs, [Input(each, "n_clicks")], states, prevent_initial_call=True)
    off = uncite(ALL, ALL)
    wire(app, uncite_one, outputs, [Input(off, "n_clicks")], [State(off, "id"), where], prevent_initial_call=True)
    states = [State(Ids.MAJOR, "value"), State(text_of(ALL), "value"), where]
    told = Output(NOTICE, "children", allow_duplicate=True)
    wire(app, keep, [told, again], [Input(Ids.KEEP, "n_clicks")], states, prevent_initial_call=True)
