"""Set and clear the flags of a conversation."""

from typing import Any

from dash import Dash, State

from callbacks.conversation.acting import done, key_of, wire_form
from callbacks.guard import needs
from callbacks.house import house
from data.flags import clear_flag, set_flag
from data.queries.choices import flags
from data.queries.conversation import thread
from layouts.conversation import flag as layout
from models.permissions import Permission, Scope


@needs(Permission.ASSESS)
def draw(scope: Scope, key: int) -> Any:
    """The form, with the words of this workspace. Raises ``NotFound``."""
    found = house()
    return layout.draw(thread(found.database, scope, key, found.clock()), flags(found.database, scope))


@needs(Permission.ASSESS)
def submit(scope: Scope, clicks: int | None, key: Any, chosen: Any) -> Any:
    """Bring the flags to what was ticked, each with its event. Raises ``NotFound``."""
    found, conversation_id = house(), key_of(clicks, key)
    wanted = [word for word in chosen if isinstance(word, str)] if isinstance(chosen, list) else []
    standing = thread(found.database, scope, conversation_id, found.clock()).bonds.raised
    for word in wanted:
        if word not in standing:
            set_flag(found.database, scope, conversation_id, word, found.clock())
    for word in standing:
        if word not in wanted:
            clear_flag(found.database, scope, conversation_id, word, found.clock())
    return done(f"Flagged: {', '.join(wanted)}." if wanted else "No flag of yours stands here now.")


def register(app: Dash) -> None:
    """The form's button."""
    wire_form(app, submit, layout.NAME, [State(layout.Ids.WORDS, "value")])
