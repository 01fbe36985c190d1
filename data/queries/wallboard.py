"""The main board: everything it shows at one instant. Nothing of a contact is read."""

from datetime import datetime

from data.database import Database
from data.lockdowns import holding
from data.queries.heading import calendar_version, heading
from data.queries.strip import silent_since, strip, watched
from data.queries.surge import surge
from data.queries.volumes import inbound, out_of_hours
from data.queries.waits import first_response, unanswered, within_target
from models.snapshots import Wallboard


def wallboard(database: Database, workspace_id: int, now: datetime) -> Wallboard:
    """All figures to METRICS.md, from one consistent picture; what it costs does not grow with history.

    Whoever asks has been let in already: by VIEW_BOARD in this workspace, or as a kiosk of it. Raises ``NotFound``.
    """
    with database.read() as db:
        head = heading(db, workspace_id, now)
        ways = head.ways
        cells = [one.cell for one in watched(db, workspace_id, now)]
        channels = sorted({cell.channel for cell in cells})
        waiting = unanswered(db, ways)
        return Wallboard(
            workspace=ways.mark,
            as_at=now,
            revision=head.revision,
            calendar_version=calendar_version(ways, now),
            demonstration=head.demonstration,
            poller_alive=head.poller_alive,
            most_overdue=waiting.most_overdue,
            waiting=waiting.waiting,
            first_response=first_response(db, ways, now),
            within_target=within_target(db, ways, now),
            out_of_hours=out_of_hours(db, ways, now),
            inbound=inbound(db, ways, now, channels, head.began, silent_since(cells)),
            accounts=strip(cells),
            held_back=holding(db, workspace_id, now),
            surge=surge(db, ways, head.began, waiting.waiting, now),
        )
