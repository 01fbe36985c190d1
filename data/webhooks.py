"""Signed webhooks: which programs are told of what, and the calls for them, stored with what happened.

``data/calls.py`` makes the calls.
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.credentials import CredentialsBox
from data.database import Database
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.webhooks import (
    MOST,
    SECRET_BYTES,
    TEST,
    CallState,
    Event,
    Webhook,
    WebhookCall,
    check_facts,
    check_webhook,
    secret_of,
)

ADDRESS = "address"
KEY = "secret"


def enqueue(c: Change, event: Event, about: str, facts: Mapping[str, int | str | None]) -> int:
    """Tell every webhook that asks for the event, once this change is committed; returns how many are told.

    ``about`` tells this from other happenings of the kind (``message/12``): the same is told once to each, however often it
    is handed in. Raises ``ValueError`` for facts that could hold what somebody wrote (``check_facts``).
    """
    kept = check_facts(facts)
    known = select(WebhookCall.webhook_id).where(
        WebhookCall.workspace_id == c.workspace_id, WebhookCall.event == str(event), WebhookCall.about == about
    )
    wanted = select(Webhook.id, Webhook.events).where(
        Webhook.workspace_id == c.workspace_id,
        Webhook.off.is_(None),
        Webhook.removed.is_(None),
        Webhook.id.not_in(known),
    )
    keys = [key for key, events in c.db.execute(wanted) if event in events]
    c.db.add_all(_call(c, key, str(event), about, kept) for key in keys)
    return len(keys)


def _call(c: Change, webhook_id: int, event: str, about: str, facts: dict[str, Any]) -> WebhookCall:
    return WebhookCall(
        workspace_id=c.workspace_id,
        webhook_id=webhook_id,
        event=event,
        about=about,
        facts=facts,
        stored=c.at,
        next_try=c.at,
    )


def add_webhook(
    database: Database,
    box: CredentialsBox,
    scope: Scope,
    name: str,
    address: str,
    events: Collection[str],
    at: datetime,
) -> str:
    """One more program that is told; returns its secret, which is never shown again.

    Raises ``BadValue`` and ``NotPermitted``.
    """
    scope.require(Permission.ADMINISTER)
    kept, where, host, chosen = check_webhook(name, address, events)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        here = (Webhook.workspace_id == scope.workspace_id, Webhook.removed.is_(None))
        if (c.db.scalar(select(func.count()).select_from(Webhook).where(*here)) or 0) >= MOST:
            raise BadValue("webhook", f"there are {MOST} already: remove one first")
        if c.db.scalar(select(Webhook.id).where(*here, Webhook.name == kept)) is not None:
            raise BadValue("name", "choose another one: there is a webhook called that")
        secret = _new_secret()
        row = Webhook(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            name=kept,
            host=host,
            sealed=_seal(box, where, secret),
            events=chosen,
            created=at,
        )
        c.db.add(row)
        c.db.flush()
        c.state("create", "webhook", row.id, after={"host": host, "events": chosen})
    return secret


def renew_secret(database: Database, box: CredentialsBox, scope: Scope, webhook_id: int, at: datetime) -> str:
    """Another secret, which signs from the next call on; it is never shown again. Raises ``NotFound``, ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row, secret = _row(c.db, scope, webhook_id), _new_secret()
        row.sealed = _seal(box, box.unlock(row.sealed)[ADDRESS], secret)
        c.state("webhook.renew", "webhook", webhook_id)
    return secret


def set_off(database: Database, scope: Scope, webhook_id: int, off: bool, at: datetime) -> None:
    """Tell it nothing, or tell it again of what happens from now on. Raises ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c.db, scope, webhook_id)
        if (row.off is not None) == off:
            return
        row.off = at if off else None
        c.state("disable" if off else "enable", "webhook", webhook_id)


def remove_webhook(database: Database, scope: Scope, webhook_id: int, at: datetime) -> None:
    """It is told nothing any more, and its address and secret are gone. Raises ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c.db, scope, webhook_id)
        row.removed, row.sealed = at, ""
        row.name = f"{row.name} (removed {webhook_id})"
        c.state("delete", "webhook", webhook_id, before={"host": row.host, "events": row.events})


def try_out(database: Database, scope: Scope, webhook_id: int, at: datetime) -> None:
    """Let it be told that this is a test. Raises ``BadValue`` while it is off, ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        if _row(c.db, scope, webhook_id).off is not None:
            raise BadValue("webhook", "turn it on first")
        c.state("test", "webhook", webhook_id)
        c.db.add(_call(c, webhook_id, TEST, f"event/{c.audit_id}", {}))


def call_again(database: Database, scope: Scope, call_id: int, at: datetime) -> None:
    """Begin anew with a call that was given up. Raises ``NotFound`` and ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = c.db.get(WebhookCall, call_id)
        if row is None or row.workspace_id != scope.workspace_id or row.state != CallState.GIVEN_UP:
            raise NotFound
        _row(c.db, scope, row.webhook_id)
        row.state, row.tries, row.next_try = str(CallState.WAITING), 0, at
        c.state("webhook.again", "webhook", row.webhook_id, after={"call": call_id})


def _row(db: Session, scope: Scope, webhook_id: int) -> Webhook:
    row = db.get(Webhook, webhook_id)
    if row is None or row.workspace_id != scope.workspace_id or row.removed is not None:
        raise NotFound
    return row


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(SECRET_BYTES))


def _seal(box: CredentialsBox, address: str, secret: str) -> str:
    return box.lock({ADDRESS: address, KEY: secret}) or ""
