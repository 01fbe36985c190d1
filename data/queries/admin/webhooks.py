"""The webhooks of a workspace and the latest of their calls."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.people import workspace_mark
from models.permissions import Permission, Scope
from models.snapshots.webhooks import CallRow, WebhookRow, WebhooksPage
from models.webhooks import CallState, Webhook, WebhookCall

LATEST = 50
"""Calls of the log that are shown."""


def webhooks(database: Database, scope: Scope, now: datetime) -> WebhooksPage:
    """Every webhook that was not removed, by name, and the latest calls. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    mark = workspace_mark(database, scope.workspace_id)
    with database.read() as db:
        counted = _counted(db, scope.workspace_id)
        hooks = db.scalars(
            select(Webhook)
            .where(Webhook.workspace_id == scope.workspace_id, Webhook.removed.is_(None))
            .order_by(Webhook.name)
        )
        rows = tuple(_row(one, counted) for one in hooks)
        latest = db.execute(
            select(WebhookCall, Webhook.name, Webhook.removed)
            .join(Webhook, Webhook.id == WebhookCall.webhook_id)
            .where(WebhookCall.workspace_id == scope.workspace_id)
            .order_by(WebhookCall.id.desc())
            .limit(LATEST)
        )
        return WebhooksPage(mark, now, rows, tuple(_call(*one) for one in latest))


def _counted(db: Session, workspace_id: int) -> dict[tuple[int, str], Any]:
    """How many calls of each webhook stand in each state, and when one was told last."""
    found = db.execute(
        select(WebhookCall.webhook_id, WebhookCall.state, func.count().label("number"), func.max(WebhookCall.told))
        .where(WebhookCall.workspace_id == workspace_id)
        .group_by(WebhookCall.webhook_id, WebhookCall.state)
    )
    return {(key, state): (number, told) for key, state, number, told in found}


def _row(hook: Webhook, counted: dict[tuple[int, str], Any]) -> WebhookRow:
    _, told = counted.get((hook.id, CallState.TOLD), (0, None))
    waiting, given_up = (counted.get((hook.id, one), (0, None))[0] for one in (CallState.WAITING, CallState.GIVEN_UP))
    return WebhookRow(hook.id, hook.name, hook.host, tuple(hook.events), hook.off, told, waiting, given_up)


def _call(row: WebhookCall, name: str, removed: datetime | None) -> CallRow:
    again = row.state == CallState.GIVEN_UP and removed is None
    return CallRow(row.id, name, row.event, row.stored, row.state, row.tries, row.next_try, row.problem, again)
