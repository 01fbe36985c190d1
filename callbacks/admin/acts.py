"""What an act answers, and the pages whose tabs do acts: administration, and what is held of people.

An act asks for a fresh sign-in before anything else, changes one thing, and draws its tab again. What it refuses leaves the
page as it is, so that nothing typed is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import ctx, html, no_update, set_props
from dash.exceptions import PreventUpdate

from callbacks.callers import current_session
from callbacks.fields import Fields
from callbacks.house import box, house
from callbacks.places import fields_of
from callbacks.problems import NOTICE
from data.factors import asks_for_code, prove_wholly
from data.freshness import is_fresh, require_fresh
from layouts import admin as layout
from layouts import shell
from layouts.components import forms
from models.permissions import Scope
from models.problems import NotFound, NotSignedIn

PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Done:
    """``said`` is read out. ``undo`` is the act that takes it back: (act, of, fields). ``go`` is where the address goes.

    ``reveal`` is shown this once: (label, value, what to do with it). ``drawn`` is handed on to what draws the tab.
    ``beside`` are parts of the tab by id, drawn in place of the whole: what somebody writes in the rest stays.
    """

    said: str
    undo: tuple[str, object, Mapping[str, Any]] | None = None
    reveal: tuple[str, str, str] | None = None
    go: str | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] | None = None


Act = Callable[[Scope, str, Fields], Done]
"""Called with who acts, on what, and what the form held. Raises a ``Problem`` where it cannot be; then nothing changed."""


@dataclass(frozen=True, slots=True)
class Tabs:
    """A page of tabs: its path, what draws each tab, and the acts that need no password given a short while ago."""

    path: str
    modules: Mapping[str, Any]
    free: frozenset[str]

    @property
    def acts(self) -> dict[str, Act]:
        """Every act of every tab, by its name."""
        return {name: act for tab in self.modules.values() for name, act in tab.ACTS.items()}

    def at(self, path: object) -> str:
        """The tab of an address; the first where it names none."""
        rest = str(path).removeprefix(self.path).strip("/")
        return rest if rest in self.modules else next(iter(self.modules))

    def answer(self, scope: Scope, sent: Any, search: str, path: str, trigger: str) -> tuple[Any, Any]:
        """The tab and the strip, after what a button asked for; where only the address changed, the tab at it."""
        tab = self.modules[self.at(path)]
        if ctx.triggered_id != trigger:
            if not ctx.triggered_id:
                raise PreventUpdate
            return tab.draw(scope, fields_of(search)), no_update
        if not isinstance(sent, dict):
            raise PreventUpdate
        name, fields = sent.get("act"), Fields(sent.get("fields"))
        if name == PROVE:
            return no_update, prove(fields)
        done = self._do(scope, name, str(sent.get("of") or ""), fields)
        tell(done)
        if done.go is not None:
            set_props(str(shell.Ids.WAY), {"search": done.go})
            return no_update, no_update
        if done.beside is not None:
            draw_beside(done.beside)
            return no_update, no_update
        drawn = done.drawn if name in tab.ACTS else {}
        return [*shown(done), *tab.draw(scope, fields_of(search), **drawn)], no_update

    def _do(self, scope: Scope, name: object, of: str, fields: Fields) -> Done:
        if name not in self.free:
            require_fresh(current_session(), house().clock())
        found = self.acts.get(name) if isinstance(name, str) else None
        if found is None:
            raise NotFound
        return found(scope, of, fields)


def draw_beside(parts: Mapping[str, Any]) -> None:
    """Draw parts of a tab by their ids."""
    for part, drawn in parts.items():
        set_props(str(part), {"children": drawn})


def tell(done: Done) -> None:
    """Say what was done, with the way back where there is one."""
    if not done.said:
        return
    undo = [" ", forms.button("Undo", *done.undo)] if done.undo else []
    set_props(NOTICE, {"children": [html.Span(done.said), *undo] if undo else done.said})


def shown(done: Done) -> list[Any]:
    """What is shown this once, above the tab."""
    return [forms.reveal(*done.reveal)] if done.reveal else []


def strip() -> list[Any]:
    """The strip that asks for the password again; empty where it was given a short while ago."""
    session, home = current_session(), house()
    if session is None:
        return layout.proof(False)
    return layout.proof(is_fresh(session, home.clock()), asks_for_code(home.database, session))


def prove(fields: Fields) -> list[Any]:
    """The strip after a right password. Raises as ``prove_wholly`` does."""
    session, home = current_session(), house()
    if session is None:
        raise NotSignedIn
    password, code = fields.secret("password"), fields.secret("code")
    prove_wholly(home.database, box(), home.throttle, session, password, code, home.clock())
    set_props(NOTICE, {"children": "Thank you. For a quarter of an hour you can change things here."})
    return layout.proof(True)
