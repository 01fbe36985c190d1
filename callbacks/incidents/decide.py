"""Write a decision down on an incident."""

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.conversation.acting import drawn_again
from callbacks.conversation.decide import corrected
from callbacks.guard import LOCATION, needs, wire
from callbacks.house import house
from callbacks.incidents.managing import standing
from callbacks.problems import NOTICE
from data.decisions import About, decide
from layouts import incidents as layout
from layouts.components.decision import NEW, corrects_of, part_of
from layouts.incidents.decide import PREFIX
from models.decisions import KEYS
from models.permissions import Permission, Scope

Ids = layout.Ids


@needs(Permission.ASSESS)
def keep(scope: Scope, clicks: int | None, path: str, corrects: Any, *answers: Any) -> tuple[Any, ...]:
    """Keep it, and empty the fields. Raises the problems of ``data.decisions.decide``."""
    if not clicks:
        raise PreventUpdate
    about = About(incident_id=standing(path))
    said = dict(zip(KEYS, answers, strict=True))
    entry = decide(house().database, scope, about, said, corrected(corrects), house().clock())
    return f"Decision {entry} is kept.", drawn_again(), NEW, *("" for _ in KEYS)


def register(app: Dash) -> None:
    """The form's button."""
    fields = [corrects_of(PREFIX), *(part_of(PREFIX, key) for key in KEYS)]
    outputs = [
        Output(NOTICE, "children", allow_duplicate=True),
        Output(Ids.LIVE, "data", allow_duplicate=True),
        *(Output(one, "value") for one in fields),
    ]
    states = [State(LOCATION, "pathname"), *(State(one, "value") for one in fields)]
    wire(app, keep, outputs, [Input(Ids.DECIDE, "n_clicks")], states, prevent_initial_call=True)
