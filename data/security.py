"""The security log: who came in, was refused, or changed who may do what. Its lines have ``"log": "security"``.

What was done is told once its change is committed, with the number of its audit event; what was refused has no event and stands
here only. A person is a number, a name with its middle left out, and the network they came from: never a whole name or address,
never what they typed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import structlog

from models.audit import COMMAND, POLLER, Actor
from models.problems import HalfSignedIn, Problem

log = structlog.get_logger()

ABOUT = frozenset({"installation", "invitation", "kiosk", "lockdown", "role", "session", "user"})
"""Kinds of things whose every change is told."""
ACTIONS = frozenset({"account.add", "account.change", "account.rotate", "account.settings", "export", "import"})
"""And what is told whatever it is about."""
MIDDLE = "***"
OURS = {COMMAND.name, POLLER.name}
"""Parts of the program, which are nobody."""
PREFIX = {4: 24, 6: 48}
"""Bits of an address that are told: of IPv4 the neighbourhood, of IPv6 a site (RFC 6177)."""


def masked_name(name: str) -> str:
    """The first and the last letter; of a short name only the first."""
    return f"{name[:1]}{MIDDLE}{name[-1:] if len(name) > 3 else ''}" if name else ""


def network_of(address: str) -> str:
    """The network of an address; empty for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, PREFIX[found.version]), strict=False))


def done(action: str, about: str, number: int | None, workspace_id: int, actor: Actor, audit_id: int) -> None:
    """Tell of a change that is committed, where it is one of security."""
    if about in ABOUT or action in ACTIONS:
        facts = _who(actor.name, actor.address, actor.user_id, actor.session_id)
        log.info(
            "security",
            outcome="done",
            what=action,
            thing=about,
            number=number,
            workspace=workspace_id,
            audit=audit_id,
            **facts,
        )


def refused(
    what: str,
    why: str,
    *,
    name: str = "",
    address: str = "",
    user: int | None = None,
    session: int | None = None,
    route: str | None = None,
) -> None:
    """Tell of what was not let through; ``why`` is the kind of refusal, never its words."""
    log.warning(
        "security", outcome="refused", what=what, problem=why, route=route, **_who(name, address, user, session)
    )


@contextmanager
def trying(what: str, name: str, address: str, user: int | None = None) -> Iterator[None]:
    """Tell of a try that is refused. ``name`` is one that we know: what somebody typed there may be a password."""
    try:
        yield
    except HalfSignedIn:
        raise
    except Problem as problem:
        refused(what, type(problem).__name__, name=name, address=address, user=user)
        raise


def _who(name: str, address: str, user: int | None, session: int | None) -> dict[str, Any]:
    shown = name if name in OURS and user is None else masked_name(name)
    return {
        "log": "security",
        "who": shown,
        "network": network_of(address),
        "user": user,
        "session": session,
    }
