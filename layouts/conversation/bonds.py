"""What colleagues say of a conversation: flags, its incident, the names of its person, the parts of its thread."""

from typing import Any

from dash import dcc, html

from layouts import links, wording
from layouts.components import marks
from models.snapshots import Thread
from models.snapshots.cases import Identity, Part


def bonds(thread: Thread) -> list[Any]:
    """A line each, and none for what nobody said."""
    lines = [_flags(thread), _incident(thread), _identities(thread), _parts(thread)]
    return [html.P(line, className="panel-bonds") for line in lines if line]


def _flags(thread: Thread) -> list[Any]:
    """People's flags, then those of rules."""
    words = dict.fromkeys((*thread.bonds.raised, *thread.flags))
    if not words:
        return []
    raised = set(thread.bonds.raised)
    tags = [html.Span(marks.plain(word), className="tag tag-raised" if word in raised else "tag") for word in words]
    return ["Flags: ", *(part for tag in tags for part in (tag, " "))]


def _incident(thread: Thread) -> list[Any]:
    one = thread.bonds.incident
    if one is None:
        return []
    name = f"{one.name} ({one.reference})" if one.reference else one.name
    over = "" if one.open else ", closed"
    way = dcc.Link(marks.plain(name), href=links.incident(one.id, thread.workspace.slug))
    return ["Incident: ", way, f", {wording.VERACITIES[one.veracity]}{over}."]


def _identities(thread: Thread) -> list[Any]:
    if not thread.bonds.identities:
        return []
    known = [part for one in thread.bonds.identities for part in (*_identity(one), ", ")]
    return ["One person: ", *known[:-1], "."]


def _identity(one: Identity) -> list[Any]:
    return [marks.remote(one.handle), f" on {wording.channel(one.channel)}"]


def _parts(thread: Thread) -> list[Any]:
    """Every conversation of the thread; a reply goes out by the one that is open."""
    if not thread.bonds.parts:
        return []
    known = [part for one in thread.bonds.parts for part in (*_part(one, thread), "; ")]
    return ["One thread of: ", *known[:-1], "."]


def _part(one: Part, thread: Thread) -> list[Any]:
    stands = "waits for an answer" if one.since is not None else one.state
    account = [marks.channel(one.channel), " ", marks.remote(one.account)]
    if one.id == thread.id:
        return [*account, f" (this one, {stands})"]
    return [*account, f" ({stands}, ", dcc.Link("open it", href=links.conversation(one.id, thread.workspace.slug)), ")"]
