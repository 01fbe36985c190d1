"""Snapshots as the screens get them, for tests of what is drawn. Every person and message here is invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from models.folding import Span
from models.posts import Direction, Kind
from models.snapshots import (
    AccountCell,
    AccountCount,
    AccountRow,
    AccountsPage,
    AccountState,
    AccountStrip,
    Composer,
    DayHours,
    DayResponse,
    EarlierVersion,
    FirstResponse,
    GradeCount,
    GradeMark,
    GradeShare,
    HoursBoard,
    Inbound,
    InboundHour,
    Matched,
    MostOverdue,
    OutgoingReply,
    OutOfHours,
    Period,
    Queue,
    QueueFilters,
    QueueRow,
    ResponseBoard,
    Shell,
    Surge,
    Thread,
    ThreadEvent,
    ThreadMessage,
    ViewCount,
    Wait,
    Wallboard,
    Way,
    WithinTarget,
    WorkspaceMark,
)

NOW = datetime(2026, 10, 15, 13, 32, 5, tzinfo=UTC)
"""A Thursday afternoon, 14:32:05 in London."""

NORTHSHIRE = WorkspaceMark("northshire", "Northshire control room", "Europe/London")
EASTFIELD = WorkspaceMark("eastfield", "Eastfield hub", "Europe/London")
EMERGENCY = GradeMark("emergency", "Emergency", 1, "emergency")
PRIORITY = GradeMark("priority", "Priority", 2, "priority")
STANDARD = GradeMark("standard", "Standard", 3, "standard")
GRADES = (EMERGENCY, PRIORITY, STANDARD)
CHANNELS = ("x", "facebook", "mastodon", "bluesky")

VOLUMES = (18, 18, 25, 20, 27, 26, 19, 33, 15, 8, 5, 3, 3, 3, 3, 6, 12, 20, 19, 18, 25, 17, 24, 9)
USUAL = (20, 22, 24, 26, 27, 28, 24, 19, 13, 9, 6, 4, 3, 3, 4, 7, 12, 17, 19, 20, 21, 22, 21, 20)


def minutes(length: float) -> timedelta:
    return timedelta(minutes=length)


def ago(length: float) -> datetime:
    """So many minutes before NOW."""
    return NOW - minutes(length)


def wait(length: float, reached: bool = True) -> Wait:
    return Wait(minutes(length), reached)


def shell(**changes) -> Shell:
    known = {
        "user": "R. Hale",
        "workspace": NORTHSHIRE,
        "workspaces": (NORTHSHIRE, EASTFIELD),
        "permissions": frozenset({"view board", "read messages", "claim", "view accounts"}),
        "demonstration": False,
    }
    return Shell(**{**known, **changes})


def overdue(**changes) -> MostOverdue:
    known = {
        "conversation_id": 7,
        "grade": PRIORITY,
        "channel": "facebook",
        "account": "Northshire Police",
        "started": ago(47),
        "due": ago(17),
        "target": minutes(30),
        "clock": "public",
    }
    return MostOverdue(**{**known, **changes})


def first_response(**changes) -> FirstResponse:
    known = {
        "n": 143,
        "unanswered": 2,
        "elsewhere": 4,
        "median": wait(6),
        "p90": wait(19),
        "shortest": minutes(1),
        "longest": minutes(151),
    }
    return FirstResponse(**{**known, **changes})


def within_target(**changes) -> WithinTarget:
    shares = (GradeShare(EMERGENCY, 1.0, 4), GradeShare(PRIORITY, 0.93, 41), GradeShare(STANDARD, 0.9, 98))
    return WithinTarget(**{"n": 143, "unanswered": 2, "share": 0.91, "grades": shares, "aim": 0.9, **changes})


def out_of_hours(**changes) -> OutOfHours:
    return OutOfHours(**{"begins": NOW - timedelta(days=7), "n": 2611, "share": 0.54, "rate_ratio": 0.5, **changes})


def inbound(**changes) -> Inbound:
    """24 hours on four channels, an evening and a night out of hours, one gap before dawn."""
    begins = NOW.replace(minute=0, second=0) - timedelta(hours=23)
    hours = tuple(
        InboundHour(begins + timedelta(hours=index), split(volume), float(usual))
        for index, (volume, usual) in enumerate(zip(VOLUMES, USUAL, strict=True))
    )
    known = {
        "hours": hours,
        "channels": CHANNELS,
        "total": sum(VOLUMES),
        "usual_total": float(sum(USUAL)),
        "out_of_hours": (Period(begins + timedelta(hours=3), begins + timedelta(hours=17)),),
        "gaps": (Period(begins + timedelta(hours=11), begins + timedelta(hours=13)),),
    }
    return Inbound(**{**known, **changes})


def split(volume: int) -> tuple[int, ...]:
    """A volume over the four channels."""
    facebook, mastodon, bluesky = volume * 34 // 100, volume * 12 // 100, volume * 8 // 100
    return volume - facebook - mastodon - bluesky, facebook, mastodon, bluesky


def cell(state: AccountState = AccountState.LIVE, **changes) -> AccountCell:
    known = {
        "id": 1,
        "handle": "@northshire",
        "channel": "x",
        "state": state,
        "since": ago(14),
        "last_success": ago(1),
        "last_message": ago(5),
    }
    return AccountCell(**{**known, **changes})


def strip() -> AccountStrip:
    worst = (
        cell(AccountState.AUTH, id=3, handle="@EastfieldHub", since=ago(14), last_success=ago(15)),
        cell(AccountState.FAILING, id=4, handle="@northshire@mastodon.example", channel="mastodon", since=ago(4)),
        cell(AccountState.QUIET, id=5, handle="Northshire Police", channel="facebook", last_message=ago(432)),
        cell(id=1),
    )
    return AccountStrip(worst, others=2, others_well=True)


def surge(**changes) -> Surge:
    known = {
        "since": ago(9),
        "count": 43,
        "window": timedelta(minutes=15),
        "expected": 4.2,
        "people": 2,
        "forecast": True,
    }
    return Surge(**{**known, "breach": NOW + timedelta(minutes=38), **changes})


def wallboard(**changes) -> Wallboard:
    known = {
        "workspace": NORTHSHIRE,
        "as_at": NOW,
        "revision": 4711,
        "calendar_version": 3,
        "demonstration": False,
        "poller_alive": True,
        "most_overdue": overdue(),
        "waiting": (
            GradeCount(EMERGENCY, 1, ago(2)),
            GradeCount(PRIORITY, 4, ago(47)),
            GradeCount(STANDARD, 11, ago(151)),
        ),
        "first_response": first_response(),
        "within_target": within_target(),
        "out_of_hours": out_of_hours(),
        "inbound": inbound(),
        "accounts": strip(),
    }
    return Wallboard(**{**known, **changes})


def hours_board(**changes) -> HoursBoard:
    shares = (0.5, 0.48, 0.56, 1.0, 1.0, 0.47, 0.52, 0.55, 0.49, 0.61, 1.0, None, 0.44, 0.5)
    days = tuple(
        DayHours(date(2026, 10, 2) + timedelta(days=n), 400 - 9 * n, one, None if one in (None, 1.0) else one, n == 13)
        for n, one in enumerate(shares)
    )
    known = {"workspace": NORTHSHIRE, "as_at": NOW, "revision": 4711, "calendar_version": 3, "demonstration": False}
    return HoursBoard(**{**known, "days": days, "total": out_of_hours(), **changes})


def response_board(**changes) -> ResponseBoard:
    medians = (7, 6, 9, None, 30, 8, 6, 5, 7, 12, None, 6, 5, 6)
    days = tuple(
        DayResponse(
            date(2026, 10, 2) + timedelta(days=n),
            143 if one else 9,
            2,
            wait(one) if one else None,
            wait(one * 3.4, reached=n != 4) if one else None,
            () if one else (minutes(3), minutes(8), minutes(45), minutes(190)),
            n == 13,
        )
        for n, one in enumerate(medians)
    )
    known = {"workspace": NORTHSHIRE, "as_at": NOW, "revision": 4711, "calendar_version": 3, "demonstration": False}
    return ResponseBoard(**{**known, "days": days, "total": first_response(), **changes})


def queue_row(**changes) -> QueueRow:
    known = {
        "id": 7,
        "grade": PRIORITY,
        "channel": "facebook",
        "account": "Northshire Police",
        "kind": Kind.PRIVATE,
        "contact": "Priya Nair",
        "first_line": "My neighbour is shouting at his partner again, I can hear things breaking. Number 41.",
        "since": ago(47),
        "due": ago(17),
        "holder": None,
        "mine": False,
        "flags": (),
        "language": "en",
        "media": False,
        "contacts": 3,
    }
    return QueueRow(**{**known, **changes})


STANDARD_LINES = (
    ("Jean P", "Thank you for the fire safety visit, very kind young man", 151),
    ("hw.bsky.social", "Are you recruiting special constables in Eastfield?", 140),
    ("bikerbob", "pothole on Station Rd nearly had me off", 124),
    (
        "southfields_ra",
        "Residents meeting Thursday 7pm - will someone be there this time or is it cancelled again?",
        115,
    ),
    ("Mo Rahman", "Can I speak to someone about a job as a PCSO", 100),
    ("a_szabo", "Found a wallet on the 48 bus, handed to driver, is that right?", 82),
    ("lottieee", "fair play to the two officers who helped my nan home in the rain", 70),
    ("Craig D", "when is the next drop in session at the library", 52),
    ("tiggs99", "how do i report a stolen bike, 101 has been ringing 40 mins", 38),
    ("m_hollis", "Ring road lights out at the Asda junction both ways", 11),
    ("kay@mstdn.example", "Any update on the road closure at Canal Street? Buses are all over the place", 9),
)


def queue_rows() -> tuple[QueueRow, ...]:
    urgent = (
        queue_row(id=6, grade=EMERGENCY, channel="x", account="@northshire", kind=Kind.PUBLIC, contact="dean_w",
                  first_line="there is a man with a knife outside the Co-op on Mill Road please hurry",
                  since=ago(2), due=NOW + timedelta(minutes=3, seconds=4), flags=("knife",), contacts=1),
        queue_row(),
        queue_row(id=8, channel="x", account="@EastfieldHub", kind=Kind.PUBLIC, contact="jo_k", holder="R. Hale", mine=True,
                  first_line="Lads on quad bikes back on the rec, one has no lights, kids everywhere",
                  since=ago(21), due=NOW + timedelta(minutes=9, seconds=12), contacts=1),
        queue_row(id=9, contact="عائشہ خان", first_line="میرے پڑوس میں آگ لگی ہے، براہ کرم مدد بھیجیں", language="ur",
                  since=ago(6), due=NOW + timedelta(minutes=24, seconds=2), flags=("fire",), contacts=1),
        queue_row(id=10, channel="bluesky", account="northshire.bsky.social", kind=Kind.PUBLIC, contact="marta.bsky.social",
                  first_line="Zgubiłam córkę na rynku, ma 6 lat, czerwona kurtka", language="pl", flags=("child",),
                  since=ago(4), due=NOW + timedelta(minutes=26, seconds=40), contacts=1, holder="C. Rees"),
    )  # fmt: skip
    standard = tuple(
        queue_row(
            id=11 + n,
            grade=STANDARD,
            channel=CHANNELS[n % 4],
            account=("@northshire", "Northshire Police", "@northshire@mastodon.example", "northshire.bsky.social")[
                n % 4
            ],
            kind=Kind.PUBLIC,
            contact=contact,
            first_line=line,
            since=ago(age),
            due=NOW + timedelta(hours=4) - minutes(age),
            contacts=1,
            media=n == 9,
        )
        for n, (contact, line, age) in enumerate(STANDARD_LINES)
    )
    return urgent + standard


def queue(rows: tuple[QueueRow, ...] | None = None, **changes) -> Queue:
    found = queue_rows() if rows is None else rows
    known = {
        "workspace": NORTHSHIRE,
        "as_at": NOW,
        "revision": 4711,
        "filters": QueueFilters(),
        "rows": found,
        "total": len(found),
        "pages": 1,
        "views": (
            ViewCount("needs", "Needs an answer", 16),
            ViewCount("mine", "Mine", 1),
            ViewCount("nobody", "Nobody's", 11),
            ViewCount("soon", "Due in 15 min", 3),
            ViewCount("waiting", "Waiting for contact", 18),
            ViewCount("closed", "Closed today", 131),
        ),
        "accounts": (
            AccountCount(1, "@northshire", "x", 6),
            AccountCount(2, "Northshire Police", "facebook", 4),
            AccountCount(3, "@EastfieldHub", "x", 2),
            AccountCount(4, "@northshire@mastodon.example", "mastodon", 2),
        ),
        "grades": GRADES,
        "channels": CHANNELS,
    }
    return Queue(**{**known, **changes})


def message(**changes) -> ThreadMessage:
    text = "My neighbour is shouting at his partner again, I can hear things breaking. Number 41."
    spans = tuple(Span(text.index(word), text.index(word) + len(word)) for word in ("shouting", "things breaking"))
    known = {
        "id": 1,
        "direction": Direction.IN,
        "kind": Kind.PRIVATE,
        "text": text,
        "sent": ago(47),
        "stored": ago(46.5),
        "author": None,
        "elsewhere": False,
        "automatic": False,
        "edited": None,
        "deleted": None,
        "earlier": (),
        "language": "en",
        "media": (),
        "grade": PRIORITY,
        "matched": (Matched("Domestic words", ("shouting", "things breaking"), spans),),
    }
    return ThreadMessage(**{**known, **changes})


def messages() -> tuple[ThreadMessage, ...]:
    bare = {"matched": (), "grade": None}
    return (
        message(id=2, direction=Direction.OUT, author="M. Iqbal", text="Thank you, an officer is on the way.",
                sent=NOW - timedelta(days=3), **bare),
        message(),
        message(id=3, text="He has gone quiet now. Please can someone come", sent=ago(34), edited=ago(33),
                earlier=(EarlierVersion("He has gone quite now", ago(34)),), media=("photo: a dark window",), **bare),
        message(id=4, text="", sent=ago(20), deleted=ago(18), **bare),
    )  # fmt: skip


def thread(**changes) -> Thread:
    known = {
        "id": 7,
        "workspace": NORTHSHIRE,
        "as_at": NOW,
        "revision": 4711,
        "grade": PRIORITY,
        "state": "open",
        "channel": "facebook",
        "account": "Northshire Police",
        "contact": "Priya Nair",
        "handle": "priya.nair.52",
        "followers": 212,
        "contacts": 3,
        "topic": "Domestic abuse",
        "since": ago(47),
        "due": ago(17),
        "staffed": minutes(47),
        "holder": None,
        "mine": False,
        "held_since": None,
        "flags": (),
        "messages": messages(),
        "events": (
            ThreadEvent(NOW - timedelta(days=3, minutes=-20), "release", "M. Iqbal"),
            ThreadEvent(ago(46), "grade", "the rule “Domestic words”", (("grade", "Priority"),)),
        ),
        "more": 12,
    }
    return Thread(**{**known, **changes})


def account_row(**changes) -> AccountRow:
    known = {
        "cell": cell(),
        "connector": "x",
        "interval": timedelta(seconds=60),
        "reads": 4120,
        "budget": 15000,
        "last_attempt": ago(1),
        "next_attempt": NOW + timedelta(seconds=12),
        "counts": (("stored", 412), ("duplicate", 31), ("edited", 3)),
        "owner": "Communications",
        "purpose": "Roads",
        "watch_hours": "day and night",
        "call": "Duty desk, 101",
    }
    return AccountRow(**{**known, **changes})


def accounts_page(**changes) -> AccountsPage:
    rows = tuple(account_row(cell=one, budget=None if one.channel == "facebook" else 15000) for one in strip().worst)
    new = cell(AccountState.NEW, id=9, handle="@northshireroads", since=None, last_success=None, last_message=None)
    rows += (account_row(cell=new, reads=0, last_attempt=None, next_attempt=None, counts=()),)
    known = {"workspace": NORTHSHIRE, "as_at": NOW, "revision": 4711, "poller_alive": True, "rows": rows}
    return AccountsPage(**{**known, **changes})


def unknown_wallboard() -> Wallboard:
    """A board of a first minute: no calendar, no message, no account asked yet."""
    nothing = {"n": 0, "unanswered": 0, "elsewhere": 0, "median": None, "p90": None, "shortest": None, "longest": None}
    empty = inbound()
    hours = tuple(replace(hour, counts=(0, 0, 0, 0), usual=None) for hour in empty.hours)
    return wallboard(
        calendar_version=None,
        most_overdue=None,
        waiting=tuple(GradeCount(grade, 0, None) for grade in GRADES),
        first_response=FirstResponse(**nothing),
        within_target=within_target(
            n=0, unanswered=0, share=None, grades=tuple(GradeShare(g, None, 0) for g in GRADES)
        ),
        out_of_hours=out_of_hours(n=0, share=None, rate_ratio=None),
        inbound=replace(empty, hours=hours, total=0, usual_total=None, out_of_hours=(), gaps=()),
        accounts=AccountStrip((cell(AccountState.NEW, since=None, last_success=None, last_message=None),), 0, True),
    )


def outgoing(**changes) -> OutgoingReply:
    known = {
        "id": 4,
        "text": "We are on our way",
        "kind": Kind.PUBLIC,
        "state": "queued",
        "author": "C. Rees",
        "mine": True,
        "elsewhere": "",
        "approver": None,
        "written": NOW - timedelta(seconds=3),
        "not_before": NOW + timedelta(seconds=7),
        "attempted": None,
        "sent": None,
        "attempts": 0,
        "reason": "",
    }
    return OutgoingReply(**{**known, **changes})


def composer(**changes) -> Composer:
    known = {
        "user_id": 3,
        "account_id": 1,
        "accounts": ((1, "Northshire Police"),),
        "ways": (Way(Kind.PUBLIC), Way(Kind.PRIVATE)),
        "approval": False,
    }
    return Composer(**{**known, **changes})
