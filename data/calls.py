"""Calls of webhooks: signed, made with no transaction open, tried again with growing pauses, given up at last, and logged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import delete, select, update

from data.clock import Clock
from data.credentials import CredentialsBox
from data.database import Database
from data.telling import leads_inside
from data.webhooks import ADDRESS, KEY
from models.base import canonical
from models.problems import CredentialsLocked
from models.webhooks import KEPT, LEASE, CallState, Webhook, WebhookCall, pause_after, signature
from models.workspace import Workspace

EVERY = timedelta(seconds=2)
SPELL = timedelta(seconds=10)
"""How long one run of the chore begins further calls."""
DAILY = timedelta(days=1)
PATIENCE = (5.0, 10.0)
"""Seconds to connect, and between two pieces of the answer's head."""

Chore = tuple[str, timedelta, Callable[[], None]]
Poster = Callable[[str, bytes, Mapping[str, str]], None]
"""Posts a body with headers to an address; raises ``OSError`` where that failed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A call in hand. ``sealed`` is None where nobody is to be told any more."""

    key: int
    sealed: str | None
    number: str
    body: bytes


def post(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post it now; no redirect is followed, and of the answer only its status is read. Raises ``OSError``."""
    if leads_inside(urlsplit(address).hostname or ""):
        raise OSError("the address leads to this machine or its link: nothing is told there")
    try:
        with requests.post(
            address, data=body, headers=dict(headers), timeout=PATIENCE, allow_redirects=False, stream=True
        ) as answer:
            status = answer.status_code
    except requests.Timeout:
        raise OSError("it did not answer in time") from None
    except requests.exceptions.SSLError:
        raise OSError("its certificate is not one that is trusted here") from None
    except requests.RequestException:
        raise OSError("it could not be reached") from None
    if not 200 <= status < 300:
        raise OSError(f"it answered {status}")


def chores(database: Database, clock: Clock, box: CredentialsBox, site: str, to: Poster = post) -> list[Chore]:
    """The chores of webhooks. ``site`` is where the links lead."""
    return [
        ("webhooks", EVERY, partial(call_ready, database, clock, box, site, to)),
        ("webhook log", DAILY, partial(forget, database, clock)),
    ]


def call_ready(database: Database, clock: Clock, box: CredentialsBox, site: str, to: Poster) -> None:
    """Call what is ready, one after the other, for one spell."""
    began = monotonic()
    while monotonic() - began < SPELL.total_seconds() and call_next(database, box, site, to, clock()):
        pass


def call_next(database: Database, box: CredentialsBox, site: str, to: Poster, now: datetime) -> bool:
    """One attempt, with no transaction open meanwhile; False where nothing is ready.

    It is taken for two minutes: where this process dies in them, another tries again. So a call may come twice, under the
    same number, but is never lost.
    """
    with database.read() as db:
        if db.scalar(select(WebhookCall.id).where(WebhookCall.next_try <= now).limit(1)) is None:
            return False
    taken = _take(database, site, now)
    if taken is None:
        return True
    problem = ""
    if taken.sealed is not None:
        try:
            known = box.unlock(taken.sealed)
            to(known[ADDRESS], taken.body, _headers(known[KEY], taken, now))
        except (OSError, CredentialsLocked) as error:
            problem = str(error) or type(error).__name__
    _note(database, taken, problem, now)
    return True


def _headers(secret: str, taken: Taken, now: datetime) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "user-agent": "Watchroom",
        "webhook-id": taken.number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(secret, taken.number, now, taken.body),
    }


def _take(database: Database, site: str, now: datetime) -> Taken | None:
    ready = select(WebhookCall).where(WebhookCall.next_try <= now).order_by(WebhookCall.next_try, WebhookCall.id)
    with database.write() as db:
        row = db.scalar(ready.limit(1))
        if row is None:
            return None
        mine = update(WebhookCall).where(WebhookCall.id == row.id, WebhookCall.next_try == row.next_try)
        if db.execute(mine.values(next_try=now + LEASE).returning(WebhookCall.id)).first() is None:
            return None
        hook = db.get_one(Webhook, row.webhook_id)
        slug = db.get_one(Workspace, row.workspace_id).slug
        wanted = hook.off is None and hook.removed is None
        return Taken(row.id, hook.sealed if wanted else None, f"msg_{row.id}", _body(row, site, slug))


def _body(row: WebhookCall, site: str, slug: str) -> bytes:
    said: dict[str, Any] = {**row.facts, "workspace": slug, "link": _link(row.facts, site, slug)}
    whole = {"type": row.event, "timestamp": row.stored.isoformat(), "data": said}
    return canonical(whole).encode()


def _link(facts: Mapping[str, Any], site: str, slug: str) -> str:
    at = f"/conversation/{facts['conversation']}" if "conversation" in facts else "/alarms"
    return f"{site}{at}?workspace={slug}"


def _note(database: Database, taken: Taken, problem: str, now: datetime) -> None:
    with database.write() as db:
        row = db.get_one(WebhookCall, taken.key)
        row.tries += int(taken.sealed is not None)
        row.problem = problem[:200]
        if problem:
            pause = pause_after(row.tries)
            row.next_try = None if pause is None else now + pause
            row.state = str(CallState.GIVEN_UP if pause is None else CallState.WAITING)
            return
        told = taken.sealed is not None
        row.state, row.next_try, row.told = str(CallState.TOLD if told else CallState.OVER), None, now if told else None


def forget(database: Database, clock: Clock) -> None:
    """Calls that ended leave the log after a month."""
    old = delete(WebhookCall).where(WebhookCall.next_try.is_(None), WebhookCall.stored < clock() - KEPT)
    with database.write() as db:
        db.execute(old)
