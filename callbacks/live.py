"""What each audience of the live feed is sent: figures made by ``layouts``, and which regions of a page have changed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from data.frames import DESK, Frame, FrameMaker
from data.pictures import Pictures
from data.pulse import pulse
from layouts.boards import hours, main, response
from models.base import EPOCH
from models.snapshots import Inbound

MOVES = timedelta(minutes=5)
"""How often a chart is drawn again although its numbers stand: its mark for now moves."""


def frame_makers(pictures: Pictures) -> Mapping[str, FrameMaker]:
    """A maker for every audience: the three boards, and the people at work. ``pictures`` has a maker for each board."""
    return {
        "main": partial(main_frame, pictures),
        "hours": partial(hours_frame, pictures),
        "response": partial(response_frame, pictures),
        DESK: partial(desk_frame, pictures),
    }


def main_frame(pictures: Pictures, workspace_id: int) -> Frame:
    """The main board."""
    board = pictures.take("main", workspace_id)
    return Frame(board.revision, board.as_at, main.tiles(board), {"inbound": drawn(board.inbound, board.as_at)})


def drawn(inbound: Inbound, as_at: datetime) -> str:
    """What the chart shows. Its total is a tile; what ends at the present moves with the mark for now."""
    gaps = [(gap.begins, gap.ends if gap.ends < as_at else None) for gap in inbound.gaps]
    return repr(((as_at - EPOCH) // MOVES, inbound.hours, inbound.channels, inbound.out_of_hours, gaps))


def hours_frame(pictures: Pictures, workspace_id: int) -> Frame:
    """The board of out-of-hours shares."""
    board = pictures.take("hours", workspace_id)
    return Frame(board.revision, board.as_at, hours.tiles(board), {"hours": repr(board.days)})


def response_frame(pictures: Pictures, workspace_id: int) -> Frame:
    """The board of first responses."""
    board = pictures.take("response", workspace_id)
    return Frame(board.revision, board.as_at, response.tiles(board), {"response": repr(board.days)})


def desk_frame(pictures: Pictures, workspace_id: int) -> Frame:
    """The people at work: told that the queue or the accounts have changed, never what stands there."""
    now = pictures.clock()
    found = pulse(pictures.database, workspace_id, now)
    return Frame(found.revision, now, {}, {"queue": str(found.revision), "accounts": found.accounts})
