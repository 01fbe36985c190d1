"""The accounts of a workspace as an administrator keeps them, and what may be connected from a page."""

from datetime import datetime

from data.channels import Need
from data.database import Database
from data.offers import COMMAND_ONLY, offers
from data.practice import practice
from data.queries.strip import watched
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots.admin import ManagedAccount, ManagedAccounts, OfferRow
from models.workspace import Account


def accounts(database: Database, scope: Scope, now: datetime, chosen: int | None = None) -> ManagedAccounts:
    """Every account by channel and handle. Raises ``NotPermitted``, and ``NotFound`` where ``chosen`` is not one of them."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        rows = {}
        for one in watched(db, scope.workspace_id, now):
            row = db.get_one(Account, one.cell.id)
            rows[row.id] = ManagedAccount(
                id=row.id,
                handle=row.handle,
                channel=row.channel,
                connector=row.connector,
                owner=row.owner,
                purpose=row.purpose,
                watch_hours=row.watch_hours,
                call=row.call,
                interval=row.interval_seconds,
                budget=row.read_budget,
                paused=row.paused,
                state=one.cell.state.value,
                has_credentials=row.credentials is not None,
                settings=tuple((name, str(value)) for name, value in sorted((row.settings or {}).items())),
            )
        if chosen is not None and chosen not in rows:
            raise NotFound
        return ManagedAccounts(
            workspace=practice(db, scope.workspace_id).mark,
            rows=tuple(rows.values()),
            chosen=rows[chosen] if chosen is not None else None,
            offers=tuple(
                OfferRow(name, offer.label, offer.channel, _needs(offer.credentials), _needs(offer.settings))
                for name, offer in offers().items()
            ),
        )


def _needs(needs: tuple[Need, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((need.name, need.help) for need in needs if need.name not in COMMAND_ONLY)
