"""What the main board said, minute by minute: kept to compare with what the record says it should have said."""

from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import delete, exists, func, select

from data.administration import workspace_keys
from data.clock import Clock
from data.database import Database
from data.moments import MINUTE, last_event, minute_of
from data.past import VOLUMES
from data.queries.wallboard import wallboard
from models.audit import AuditEvent, Revision
from models.past import KNOWN_FROM, LASTING, Former, Minute, VolumeMove
from models.snapshots import AccountCell, AccountState, AccountStrip, Period, Wallboard, WatchMark, WatchWord
from models.workspace import Installation

TRIES = 5
"""How often the board is drawn again where somebody changed something meanwhile."""
GONE_AT_ONCE = 20_000


def note_minutes(database: Database, clock: Clock) -> int:
    """Note the present minute of every workspace; returns how many were. One that is noted already stays as it is."""
    with database.read() as db:
        homes = workspace_keys(db)
    return sum(note_minute(database, home, clock()) for home in homes)


def note_minute(database: Database, workspace_id: int, at: datetime) -> bool:
    """Draw the board and keep its figures with the last event that it knew. False where that minute is noted, or not drawn."""
    with database.read() as db:
        if db.scalar(select(exists().where(Minute.workspace_id == workspace_id, Minute.at == minute_of(at)))):
            return False
    for _ in range(TRIES):
        board = wallboard(database, workspace_id, at)
        with database.read() as db:
            revision = db.scalar(select(Revision.number).where(Revision.workspace_id == workspace_id))
            event_id = db.scalar(select(func.max(AuditEvent.id)).where(AuditEvent.workspace_id == workspace_id))
        if revision == board.revision and event_id is not None:
            _write(database, board, workspace_id, event_id)
            return True
    return False


def _write(database: Database, board: Wallboard, workspace_id: int, event_id: int) -> None:
    with database.write() as db:
        if db.get(Minute, (workspace_id, minute_of(board.as_at))) is None:
            db.add(
                Minute(
                    workspace_id=workspace_id,
                    at=minute_of(board.as_at),
                    drawn=board.as_at,
                    event_id=event_id,
                    figures=figures_of(board),
                    seen=seen_of(board),
                )
            )


def figures_of(board: Wallboard) -> dict[str, Any]:
    """What the record can draw again, short: the bars and bands of the chart stand as a digest, beside their total."""
    facts = _plain(asdict(board))
    bars = facts["inbound"]
    chart = blake2b(repr((bars["hours"], bars["channels"], bars["out_of_hours"])).encode(), digest_size=12).hexdigest()
    return {
        "calendar": facts["calendar_version"],
        "overdue": facts["most_overdue"],
        "waiting": [[one["count"], one["oldest"]] for one in facts["waiting"]],
        "first": facts["first_response"],
        "within": [*(facts["within_target"][name] for name in ("n", "unanswered", "share", "aim"))]
        + [[one["share"], one["n"]] for one in facts["within_target"]["grades"]],
        "hours": facts["out_of_hours"],
        "inbound": [bars["total"], bars["usual_total"], chart],
    }


def seen_of(board: Wallboard) -> dict[str, Any]:
    """What no record holds: how the connectors stood, and since when nothing is known."""
    facts = _plain({"accounts": asdict(board.accounts), "gaps": [asdict(gap) for gap in board.inbound.gaps]})
    return {**facts, "collecting": board.poller_alive}


def strip_from(seen: dict[str, Any]) -> AccountStrip:
    """The account strip of a noted minute."""
    kept = seen["accounts"]
    cells = tuple(
        AccountCell(
            **{
                **cell,
                "state": AccountState(cell["state"]),
                **{name: _instant(cell[name]) for name in ("since", "last_success", "last_message")},
                "watch": _watch_from(cell.get("watch")),
            }
        )
        for cell in kept["worst"]
    )
    return AccountStrip(cells, kept["others"], kept["others_well"])


def gaps_from(seen: dict[str, Any]) -> tuple[Period, ...]:
    """The gaps of a noted minute's chart."""
    return tuple(
        Period(datetime.fromisoformat(one["begins"]), datetime.fromisoformat(one["ends"])) for one in seen["gaps"]
    )


def _watch_from(kept: dict[str, Any] | None) -> WatchMark | None:
    """How an account was watched; None in minutes that were noted before the wall told."""
    if kept is None:
        return None
    month = kept["month"]
    return WatchMark(
        state=WatchWord(kept["state"]),
        since=datetime.fromisoformat(kept["since"]),
        people=kept["people"],
        month=None if month is None else timedelta(microseconds=month),
        arrived=kept["arrived"],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    """As JSON has it: instants as ISO text, lengths of time in microseconds."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return value


def forget(database: Database, keep: timedelta, now: datetime) -> int:
    """Let go what is older than ``keep``: minutes, former rows, and moves of hours that no board asks for any more.

    Rows and events themselves stay. Returns how many former rows went.
    """
    edge = now - keep
    with database.read() as db:
        homes = workspace_keys(db)
    gone = sum(_forget_rows(database, home, edge) for home in (0, *homes))
    if gone:
        with database.write() as db:
            fact = db.get(Installation, KNOWN_FROM)
            if fact is None:
                db.add(Installation(key=KNOWN_FROM, value=edge.isoformat()))
            elif fact.value < edge.isoformat():
                fact.value = edge.isoformat()
    return gone


def _forget_rows(database: Database, workspace_id: int, edge: datetime) -> int:
    with database.write() as db:
        db.execute(delete(Minute).where(Minute.workspace_id == workspace_id, Minute.at < edge - MINUTE))
        moved = (VolumeMove.workspace_id == workspace_id, VolumeMove.hour < edge - VOLUMES - timedelta(days=1))
        db.execute(delete(VolumeMove).where(*moved))
        event_id = last_event(db, workspace_id, edge)
    gone = 0
    while True:
        old = select(Former.id).where(
            Former.workspace_id == workspace_id, Former.ended_id <= event_id, Former.entity.not_in(LASTING)
        )
        with database.write() as db:
            some = list(db.scalars(old.limit(GONE_AT_ONCE)))
            if not some:
                return gone
            for begin in range(0, len(some), 500):
                db.execute(delete(Former).where(Former.id.in_(some[begin : begin + 500])))
        gone += len(some)
