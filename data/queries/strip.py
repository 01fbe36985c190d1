"""The official accounts of a workspace, each with what its connector does now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from data.health import account_state
from data.queries.watch import watch_marks
from models.snapshots import AccountCell, AccountState, AccountStrip, WatchWord
from models.workspace import Account, AccountPoll

SHOWN = 4
"""Cells of the account strip beside the one for the rest (DESIGN.md, wallboard)."""
BAD = frozenset({AccountState.AUTH, AccountState.DEAD, AccountState.FAILING})
WELL = frozenset({AccountState.LIVE, AccountState.QUIET})

_ORDER = {state: place for place, state in enumerate(AccountState)}
_ACCOUNTS = (
    select(
        Account.id,
        Account.handle,
        Account.channel,
        Account.connector,
        Account.created,
        Account.paused,
        Account.interval_seconds,
        Account.read_budget,
        Account.owner,
        Account.purpose,
        Account.watch_hours,
        Account.call,
        AccountPoll.account_id.label("polled"),
        AccountPoll.last_attempt,
        AccountPoll.last_success,
        AccountPoll.last_new,
        AccountPoll.next_attempt,
        AccountPoll.failures,
        AccountPoll.failing_since,
        AccountPoll.refused,
        AccountPoll.reason,
        AccountPoll.month,
        AccountPoll.reads,
    )
    .outerjoin(
        AccountPoll, and_(AccountPoll.workspace_id == Account.workspace_id, AccountPoll.account_id == Account.id)
    )
    .where(Account.workspace_id == bindparam("home"))
    .order_by(Account.channel, Account.handle, Account.id)
)


@dataclass(frozen=True, slots=True)
class Watched:
    """One account: its row with its polls', and how it is judged."""

    row: Any
    cell: AccountCell


def watched(db: Session, workspace_id: int, now: datetime) -> list[Watched]:
    """Every account of the workspace, by channel and handle."""
    found = []
    watch = watch_marks(db, workspace_id, now)
    for row in db.connection().execute(_ACCOUNTS, {"home": workspace_id}):
        state, since = account_state(row if row.polled is not None else None, row, now)
        found.append(
            Watched(
                row,
                AccountCell(
                    id=row.id,
                    handle=row.handle,
                    channel=row.channel,
                    state=state,
                    since=since,
                    last_success=row.last_success,
                    last_message=row.last_new,
                    reason=row.reason or "",
                    watch=watch.get(row.id),
                ),
            )
        )
    return found


def strip(cells: Sequence[AccountCell]) -> AccountStrip:
    """The worst four and the rest. The rest are well where none is refused, failing, not asked for or unwatched."""
    ordered = sorted(cells, key=_place)
    rest = ordered[SHOWN:]
    well = not any(cell.state in BAD or _is_unwatched(cell) for cell in rest)
    return AccountStrip(tuple(ordered[:SHOWN]), len(rest), well)


def _place(cell: AccountCell) -> tuple[bool, bool, int]:
    """What cannot be read first, then what nobody watches."""
    return cell.state not in BAD, not _is_unwatched(cell), _ORDER[cell.state]


def _is_unwatched(cell: AccountCell) -> bool:
    return cell.state in WELL and cell.watch is not None and cell.watch.state is WatchWord.UNWATCHED


def silent_since(cells: Sequence[AccountCell]) -> datetime | None:
    """From when on no account has answered: the last success of any, where none is well now. None where one is."""
    if any(cell.state in WELL for cell in cells):
        return None
    return max((cell.last_success for cell in cells if cell.last_success is not None), default=None)
