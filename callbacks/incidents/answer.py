"""One reply to all of an incident, taken back or stopped."""

from collections import Counter
from typing import Any

from dash import ALL, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again, number, pressed
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.incidents.managing import standing
from callbacks.problems import NOTICE, sentence
from data.answers import answer_all, stop_answers
from layouts import wording
from layouts.incidents.ids import Ids, stop
from models.disclosure import Given
from models.permissions import Permission, Scope
from models.problems import NotFound

GIVEN = tuple(str(one) for one in Given)
"""Every kind of personal detail: what somebody is sure of, they are sure of for all."""


@needs(Permission.INCIDENT)
def send(scope: Scope, clicks: int | None, text: str | None, sure: Any, path: str) -> tuple[str, Any, str]:
    """Hand it in for everybody. Raises the problems of ``data.answers.answer_all``."""
    if not clicks:
        raise PreventUpdate
    found = house()
    handed = answer_all(
        found.database, scope, standing(path), text or "", found.clock(), confirmed=GIVEN if sure is True else ()
    )
    problems = Counter(sentence(one.problem) for one in handed if one.problem is not None)
    queued = sum(one.reply_id is not None for one in handed)
    said = f"{wording.plural(queued, 'reply', 'replies')} on the way. Undo all is open for ten seconds."
    if problems:
        worst, count = problems.most_common(1)[0]
        said = f"{said} {wording.plural(sum(problems.values()), 'needs', 'need')} a person. {count} of them: {worst}"
    return said, drawn_again(), "" if queued else text or ""


@needs(Permission.INCIDENT)
def take_back(scope: Scope, clicks: list[int | None], buttons: list[dict[str, Any]], path: str) -> tuple[str, Any]:
    """Take back what has not left. Raises the problems of ``data.answers.stop_answers``."""
    batch = number(pressed(clicks, buttons).get("batch"))
    if batch is None:
        raise NotFound
    stopped, late = stop_answers(house().database, scope, standing(path), batch, house().clock())
    too_late = f" {wording.number(late)} had left already." if late else ""
    return f"{wording.plural(stopped, 'reply', 'replies')} taken back.{too_late}", drawn_again()


def register(app: Dash) -> None:
    """The form's button, and one for each reply to all that has not left."""
    told = Output(NOTICE, "children", allow_duplicate=True)
    again = Output(Ids.LIVE, "data", allow_duplicate=True)
    where = State(LOCATION, "pathname")
    states = [State(Ids.TEXT, "value"), State(Ids.SURE, "value"), where]
    emptied = Output(Ids.TEXT, "value")
    wire(app, send, [told, again, emptied], [Input(Ids.SEND, "n_clicks")], states, prevent_initial_call=True)
    each = stop(ALL)
    wire(
        app, take_back, [told, again], [Input(each, "n_clicks")], [State(each, "id"), where], prevent_initial_call=True
    )
