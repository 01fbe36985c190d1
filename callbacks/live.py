"""What each audience of the live feed is sent: figures and charts made by ``layouts``, and which regions have changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from data.frames import DESK, Frame, FrameMaker
from data.pictures import Pictures
from data.pulse import pulse
from layouts import wallboard
from layouts.boards import hours, main, response
from layouts.palette import NAMED
from models.base import EPOCH
from models.snapshots import HoursBoard, Inbound, ResponseBoard, Wallboard

MOVES = timedelta(minutes=5)
"""How often a chart is drawn again although its numbers stand: its mark for now moves."""

PRESENCE = "presence-"
"""How a region begins that says who looks at the conversation whose key follows. ``assets/65-presence.js`` asks then."""

Figure = dict[str, Any]


class Charts:
    """The chart last drawn for each workspace, kept as long as it shows the same: a mark moves less than people see.

    Colours stand as names, so that one drawing does for every theme.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[str, Figure]] = {}

    def take(self, workspace_id: int, shows: str, draw: Callable[[], Figure]) -> Figure:
        """The chart that shows what the text ``shows`` says, drawn with ``draw`` where it is another one."""
        kept = self._kept.get(workspace_id)
        if kept is None or kept[0] != shows:
            kept = self._kept[workspace_id] = (shows, draw())
        return kept[1]


def frame_makers(pictures: Pictures) -> Mapping[str, FrameMaker]:
    """A maker for every audience: the three boards, and the people at work. ``pictures`` has a maker for each board."""
    return {
        "main": partial(main_frame, pictures, Charts()),
        "hours": partial(hours_frame, pictures, Charts()),
        "response": partial(response_frame, pictures, Charts()),
        DESK: partial(desk_frame, pictures),
    }


def main_frame(pictures: Pictures, charts: Charts, workspace_id: int) -> Frame:
    """The main board."""
    board: Wallboard = pictures.take("main", workspace_id)
    shows = inbound_shows(board.inbound, board.as_at)
    chart = charts.take(workspace_id, shows, partial(wallboard.inbound_figure, board, NAMED))
    tiles = {**main.tiles(board), main.Ids.INBOUND_CHART: {"figure": chart}}
    return Frame(board.revision, board.as_at, tiles, {"inbound-table": shows, **major(pictures, workspace_id)})


def inbound_shows(inbound: Inbound, as_at: datetime) -> str:
    """What the chart shows. Its total is a tile; what ends at the present moves with the mark for now."""
    gaps = [(gap.begins, gap.ends if gap.ends < as_at else None) for gap in inbound.gaps]
    return repr(((as_at - EPOCH) // MOVES, inbound.hours, inbound.channels, inbound.out_of_hours, gaps))


def hours_frame(pictures: Pictures, charts: Charts, workspace_id: int) -> Frame:
    """The board of out-of-hours shares."""
    board: HoursBoard = pictures.take("hours", workspace_id)
    shows = repr(board.days)
    chart = charts.take(workspace_id, shows, partial(hours.drawing, board, NAMED))
    tiles = {**hours.tiles(board), hours.Ids.CHART: {"figure": chart}}
    return Frame(board.revision, board.as_at, tiles, {"hours-table": shows, **major(pictures, workspace_id)})


def response_frame(pictures: Pictures, charts: Charts, workspace_id: int) -> Frame:
    """The board of first responses."""
    board: ResponseBoard = pictures.take("response", workspace_id)
    shows = repr(board.days)
    chart = charts.take(workspace_id, shows, partial(response.drawing, board, NAMED))
    tiles = {**response.tiles(board), response.Ids.CHART: {"figure": chart}}
    return Frame(board.revision, board.as_at, tiles, {"response-table": shows, **major(pictures, workspace_id)})


def major(pictures: Pictures, workspace_id: int) -> dict[str, str]:
    """The region of the banner of a major incident: every page and wall has its place."""
    return {"major": repr(pictures.take("major", workspace_id))}


def desk_frame(pictures: Pictures, workspace_id: int) -> Frame:
    """The people at work: told that the queue, the accounts, who looks or what calls somebody changed, never what is there."""
    now = pictures.clock()
    found = pulse(pictures.database, workspace_id, now)
    regions = {"queue": str(found.revision), "accounts": found.accounts, "notifications": found.notifications}
    regions |= major(pictures, workspace_id)
    regions["alarms"] = found.alarms
    regions |= {f"{PRESENCE}{key}": mark for key, mark in found.watchers.items()}
    return Frame(found.revision, now, {}, regions, found.presence)
