"""The main board and the queue as they were at an instant: drawn by the queries of today from the rows of then.

For a debrief or a complaint. Rows stored by then count, and the calendar, targets and grades known then. What the connectors
did is no row: it stands in the note of that minute, where one was made.
"""

from dataclasses import replace
from datetime import datetime

from data.database import Database
from data.minutes import figures_of, gaps_from, strip_from
from data.moments import Moment, find_moment
from data.past import queue_as_at, wall_as_at
from data.queries.queue import queue
from data.queries.wallboard import wallboard
from models.permissions import Permission, Scope
from models.snapshots import AccountStrip, PastMark, PastQueue, PastWall, QueueFilters, Wallboard

NOTHING_NOTED = AccountStrip((), 0, False)


def wallboard_as_at(database: Database, scope: Scope, at: datetime, now: datetime) -> PastWall:
    """The main board at ``at``. Raises ``NotPermitted``, ``NotKnown`` and ``NotFound``."""
    scope.require(Permission.READ_TRAIL)
    with database.read() as db:
        moment = find_moment(db, scope.workspace_id, at, now)
    board = drawn(database, moment)
    return PastWall(board, _mark(moment, board))


def drawn(database: Database, moment: Moment) -> Wallboard:
    """The board of a moment, with what was noted of its connectors."""
    with wall_as_at(database, moment) as past:
        board = wallboard(past, moment.workspace_id, moment.at)
    if moment.seen is None:
        return replace(board, accounts=NOTHING_NOTED)
    inbound = replace(board.inbound, gaps=gaps_from(moment.seen))
    return replace(board, accounts=strip_from(moment.seen), inbound=inbound)


def queue_at(database: Database, scope: Scope, filters: QueueFilters, at: datetime, now: datetime) -> PastQueue:
    """One page of the queue at ``at``; words are not looked for. Raises ``NotPermitted``, ``NotKnown`` and ``NotFound``."""
    scope.require(Permission.READ_TRAIL)
    with database.read() as db:
        moment = find_moment(db, scope.workspace_id, at, now)
    with queue_as_at(database, moment) as past:
        found = queue(past, scope, replace(filters, words=""), moment.at)
    return PastQueue(found, _mark(moment, None))


def _mark(moment: Moment, board: Wallboard | None) -> PastMark:
    same = figures_of(board) == moment.figures if board is not None and moment.figures is not None else None
    return PastMark(moment.at, moment.noted, same, moment.known_from)
