"""Frozen pictures of what was true at one instant, handed to layouts.

No snapshot holds a database session, a clock or a right; every time is aware UTC and every duration a ``timedelta``.
What is not known is ``None``, never 0 (HOUSE.md, rule 17).
"""

from models.snapshots.boards import (
    AccountStrip,
    DayHours,
    DayResponse,
    FirstResponse,
    GradeCount,
    GradeShare,
    HoursBoard,
    Inbound,
    InboundHour,
    MostOverdue,
    OutOfHours,
    ResponseBoard,
    Wallboard,
    WithinTarget,
)
from models.snapshots.desk import (
    AccountCount,
    AccountRow,
    AccountsPage,
    EarlierVersion,
    Matched,
    Queue,
    QueueFilters,
    QueueRow,
    Thread,
    ThreadEvent,
    ThreadMessage,
    ViewCount,
)
from models.snapshots.finding import Choices, Found, SavedViewMark
from models.snapshots.marks import AccountCell, AccountState, GradeMark, Period, Shell, Wait, WorkspaceMark

__all__ = [
    "AccountCell",
    "AccountCount",
    "AccountRow",
    "AccountState",
    "AccountStrip",
    "AccountsPage",
    "Choices",
    "DayHours",
    "DayResponse",
    "EarlierVersion",
    "FirstResponse",
    "Found",
    "GradeCount",
    "GradeMark",
    "GradeShare",
    "HoursBoard",
    "Inbound",
    "InboundHour",
    "Matched",
    "MostOverdue",
    "OutOfHours",
    "Period",
    "Queue",
    "QueueFilters",
    "QueueRow",
    "ResponseBoard",
    "SavedViewMark",
    "Shell",
    "Thread",
    "ThreadEvent",
    "ThreadMessage",
    "ViewCount",
    "Wait",
    "Wallboard",
    "WithinTarget",
    "WorkspaceMark",
]
