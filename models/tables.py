"""The figures of a report as tables: one source for the table on the screen and for the file, so that both agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.comparing import per_hundred, share_of
from models.snapshots import (
    ActivityReport,
    Bucket,
    CompareReport,
    CompareRow,
    EngagementReport,
    Fared,
    HoursReport,
    Part,
    ReportHead,
    ResponseGroup,
    ResponseReport,
    TopicRow,
    TopicsReport,
    Wait,
    Waits,
)
from models.snapshots.survey import SurveyReport
from models.staffing import uncovered
from models.survey import Surveyed
from models.usual import Usual

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class What(StrEnum):
    """What a column holds: how it is said on a screen, and of which type it is in a file."""

    TEXT = "text"
    CHANNEL = "channel"
    ACCOUNT = "account"
    DAY = "day"
    COUNT = "count"
    MEAN = "mean"
    SHARE = "share"
    RATE = "rate"
    RATIO = "ratio"
    WAIT = "wait"


Cell = str | int | float | date | Wait | None
"""None is not known. Shares lie between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and what it holds."""

    name: str
    what: What


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One table of a report. ``key`` names it in files."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


_BUCKET = (Column("From", What.DAY), Column("To", What.DAY))
_STATES = Column("State", What.TEXT)
_WAITS = ("n", "Unanswered", "Median", "90% within", "95% within", "Shortest", "Longest")


_FARED = (
    Column("Posts", What.COUNT),
    Column("Impressions", What.COUNT),
    Column("Engagements", What.COUNT),
    Column("Rate", What.RATE),
    Column("Link clicks", What.COUNT),
    Column("Video views", What.COUNT),
    Column("Watched to the end", What.COUNT),
)


AnyReport = (
    ActivityReport | ResponseReport | HoursReport | EngagementReport | CompareReport | TopicsReport | SurveyReport
)


def tables_of(
    report: AnyReport,
) -> tuple[FigureTable, ...]:
    """Every table of a report, in the order of the screen."""
    if isinstance(report, EngagementReport):
        return tuple(_engagement(report))
    if isinstance(report, CompareReport):
        return tuple(_compare(report))
    if isinstance(report, SurveyReport):
        return (
            _surveyed("months", "By month", What.TEXT, report.by_month),
            _surveyed("networks", "By network", What.CHANNEL, report.by_channel),
        )
    if isinstance(report, TopicsReport):
        return tuple(_topics(report))
    if isinstance(report, ActivityReport):
        return tuple(_activity(report))
    if isinstance(report, ResponseReport):
        return tuple(_response(report))
    return tuple(_hours(report))


def _activity(report: ActivityReport) -> Iterator[FigureTable]:
    columns = (*_BUCKET, _STATES, Column("All", What.COUNT))
    yield FigureTable(
        "inbound",
        "Inbound messages",
        (*columns, *(Column(channel, What.CHANNEL) for channel in report.channels)),
        tuple(
            (*_days(bucket), sum(row) if _known(bucket) else None, *(row if _known(bucket) else [None] * len(row)))
            for bucket, row in zip(report.buckets, report.counts, strict=True)
        ),
    )
    yield _split("channel", "By channel", What.CHANNEL, report.by_channel)
    yield _split("account", "By account", What.ACCOUNT, report.by_account)
    yield _split("kind", "By kind", What.TEXT, report.by_kind)
    yield _split("grade", "By grade on arrival", What.TEXT, report.by_grade)
    yield _split("topic", "By topic", What.TEXT, report.by_topic)
    yield _week("week", "Messages an hour, by hour of the week", report.week)
    zone = ZoneInfo(report.head.workspace.zone)
    names = ("Usual", "Usual from", "Usual to")
    yield FigureTable(
        "hours",
        "Last day by hour",
        (Column("Hour", What.TEXT), Column("Messages", What.COUNT), *(Column(name, What.MEAN) for name in names)),
        tuple((f"{one.begins.astimezone(zone):%Y-%m-%d %H:%M}", one.count, *_usual(one.usual)) for one in report.hours),
    )


def _usual(found: Usual | None) -> tuple[float | None, ...]:
    return (found.median, found.low, found.high) if found is not None else (None, None, None)


def _split(key: str, title: str, what: What, parts: Sequence[Part]) -> FigureTable:
    total = sum(part.count for part in parts)
    return FigureTable(
        key,
        title,
        (
            Column(title.removeprefix("By ").capitalize(), what),
            Column("Messages", What.COUNT),
            Column("Share", What.SHARE),
            Column("Period before", What.COUNT),
        ),
        tuple((part.key, part.count, share_of(part.count, total), part.before) for part in parts),
    )


def _week(key: str, title: str, week: Sequence[Sequence[float | None]]) -> FigureTable:
    hours = tuple(Column(f"{hour:02d}", What.MEAN) for hour in range(24))
    rows = tuple((name, *week[day]) for day, name in enumerate(WEEKDAYS))
    return FigureTable(key, title, (Column("Day", What.TEXT), *hours), rows)


def _response(report: ResponseReport) -> Iterator[FigureTable]:
    both = [Column(f"{name}, {clock}", _kind(name)) for clock in ("public", "staffed") for name in _WAITS[2:]]
    yield FigureTable(
        "groups",
        "Response times by grade",
        (
            Column("Response", What.TEXT),
            Column("Grade", What.TEXT),
            Column("n", What.COUNT),
            Column("Unanswered", What.COUNT),
            Column("Within target", What.SHARE),
            Column("Judged", What.COUNT),
            *both,
        ),
        tuple(_group(group) for group in report.groups),
    )
    yield FigureTable(
        "buckets",
        "First response, public clock",
        (*_BUCKET, _STATES, *(Column(name, _kind(name)) for name in _WAITS)),
        tuple(
            (
                one.bucket.first,
                one.bucket.last,
                _state(one.bucket, one.waits_open),
                one.waits.n,
                one.waits.unanswered,
                *_lengths(one.waits),
            )
            for one in report.by_bucket
        ),
    )
    yield FigureTable(
        "parts",
        "Where the wait went",
        (Column("Part", What.TEXT), Column("All of it", What.WAIT), Column("Share", What.SHARE)),
        tuple((part.key, Wait(part.total, reached=True), part.share) for part in report.parts),
    )


def _kind(name: str) -> What:
    return What.COUNT if name in ("n", "Unanswered") else What.WAIT


def _group(group: ResponseGroup) -> tuple[Cell, ...]:
    return (
        str(group.position),
        group.grade.word if group.grade else "All grades",
        group.public.n,
        group.public.unanswered,
        group.service.share,
        group.service.judged,
        *_lengths(group.public),
        *_lengths(group.staffed),
    )


def _lengths(waits: Waits) -> tuple[Wait | None, ...]:
    return (waits.median, waits.p90, waits.p95, waits.shortest, waits.longest)


def _hours(report: HoursReport) -> Iterator[FigureTable]:
    yield FigureTable(
        "buckets",
        "Out of hours",
        (
            *_BUCKET,
            _STATES,
            Column("Messages", What.COUNT),
            Column("Out of hours", What.SHARE),
            Column("Rate ratio", What.RATIO),
        ),
        tuple(
            (*_days(one.bucket), one.n if _known(one.bucket) else None, one.share, one.rate_ratio)
            for one in report.by_bucket
        ),
    )
    yield _week("week", "Messages an hour, by hour of the week", report.week)
    yield _week("open", "Share of the hour inside opening windows", report.open_share)
    yield _week("uncovered", "Messages an hour while nobody is there", uncovered(report.week, report.open_share))
    if report.staffing is not None:
        yield _week("people", "People needed, by hour of the week", report.staffing.people)


def _engagement(report: EngagementReport) -> Iterator[FigureTable]:
    yield FigureTable(
        "engagement",
        "Gained by our posts",
        (*_BUCKET, _STATES, Column("Impressions", What.COUNT), Column("Engagements", What.COUNT)),
        tuple((*_days(bucket), *row) for bucket, row in zip(report.buckets, report.by_bucket, strict=True)),
    )
    for key, title, what, lines in (
        ("account", "By account", What.ACCOUNT, report.by_account),
        ("tag", "By campaign tag", What.TEXT, [(f"#{tag}", fared) for tag, fared in report.by_tag]),
    ):
        first = Column(title.removeprefix("By ").capitalize(), what)
        yield FigureTable(key, title, (first, *_FARED), tuple((name, *_fared(fared)) for name, fared in lines))
    zone = ZoneInfo(report.head.workspace.zone)
    yield FigureTable(
        "posts",
        "Posts that gained most",
        (Column("Sent", What.TEXT), Column("Account", What.ACCOUNT), Column("Post", What.TEXT), *_FARED[1:]),
        tuple(
            (
                f"{post.sent.astimezone(zone):%Y-%m-%d %H:%M}",
                str(post.account_id),
                post.text or "a reply",
                *_fared(post.fared)[1:],
            )
            for post in report.posts
        ),
    )
    names = ("From networks", "From searches", "From elsewhere", "Unknown", "All")
    columns = (Column("Link", What.TEXT), Column("Code", What.TEXT), *(Column(name, What.COUNT) for name in names))
    yield FigureTable("links", "Our own short links", columns, tuple((*one, sum(one[2:])) for one in report.links))


def _fared(fared: Fared) -> tuple[Cell, ...]:
    gained = fared.gained
    clicks = (gained.get("link_clicks"), gained.get("video_views"), gained.get("video_completed"))
    return (fared.posts, gained.get("impressions"), fared.engagements, fared.rate, *clicks)


def _compare(report: CompareReport) -> Iterator[FigureTable]:
    place = Column("Workspace", What.TEXT)
    yield FigureTable(
        "volumes",
        "Messages by workspace",
        (
            place,
            Column("Messages", What.COUNT),
            Column("Period before", What.COUNT),
            Column("A day", What.MEAN),
            Column("Out of hours", What.SHARE),
        ),
        tuple((row.workspace.name, row.messages, row.before, a_day(row), row.out_of_hours) for row in report.rows),
    )
    waits = [Column(name, What.WAIT) for name in ("Median", "90% within")]
    counted = [Column(name, What.MEAN) for name in ("Urgent", "Private", "Answered", "Unanswered")]
    columns = (place, *counted, Column("First responses", What.COUNT), *waits, Column("Within target", What.SHARE))
    yield FigureTable("rates", "For each hundred messages", columns, tuple(_rates(row) for row in report.rows))


def _rates(row: CompareRow) -> tuple[Cell, ...]:
    counted = (row.urgent, row.private, row.answered, row.unanswered)
    for_each = tuple(per_hundred(part, row.messages) for part in counted)
    return (row.workspace.name, *for_each, row.first.n, row.first.median, row.first.p90, row.service.share)


def a_day(row: CompareRow) -> float | None:
    """Messages a day of those that were collected."""
    return row.messages / row.days if row.days else None


def _topics(report: TopicsReport) -> Iterator[FigureTable]:
    first = Column("Topic", What.TEXT)
    yield FigureTable(
        "topics",
        "Topics",
        (
            first,
            Column("Messages", What.COUNT),
            Column("Share", What.SHARE),
            Column("Our posts", What.COUNT),
            Column("Share of our posts", What.SHARE),
        ),
        tuple(_topic(row, report) for row in report.rows),
    )
    handles = {str(one.id): one.handle for one in report.head.accounts}
    names = [Column(handles.get(key, key), What.COUNT) for key in report.accounts]
    by_account: list[tuple[Cell, ...]] = [(row.word, *row.accounts) for row in report.rows]
    yield FigureTable("accounts", "Messages by account", (first, *names), tuple(by_account))
    if report.workspaces:
        here = Column(report.head.workspace.name, What.COUNT)
        columns = (first, here, *(Column(name, What.COUNT) for name in report.workspaces))
        beside: list[tuple[Cell, ...]] = [(row.word, row.messages, *row.workspaces) for row in report.rows]
        yield FigureTable("workspaces", "Messages by workspace", columns, tuple(beside))


def _topic(row: TopicRow, report: TopicsReport) -> tuple[Cell, ...]:
    came, ours = share_of(row.messages, report.messages), share_of(row.posts, report.posts)
    return (row.word, row.messages, came, row.posts, ours)


def _surveyed(key: str, title: str, what: What, parts: Sequence[tuple[str, Surveyed]]) -> FigureTable:
    names = ("Closed", "Asked", "Answered", "Not otherwise", "Would have rung", "Another way", "Cannot say")
    first = Column(title.removeprefix("By ").capitalize(), what)
    return FigureTable(
        key,
        title,
        (first, *(Column(name, What.COUNT) for name in names)),
        tuple((part, s.closed, s.asked, s.answered, s.no, s.call, s.other, s.unsure) for part, s in parts),
    )


def _days(bucket: Bucket) -> tuple[date, date, str]:
    return bucket.first, bucket.last, _state(bucket, bucket.open)


def _state(bucket: Bucket, still_open: bool) -> str:
    if bucket.unknown:
        return "not collected"
    return "still open" if still_open else ""


def _known(bucket: Bucket) -> bool:
    return not bucket.unknown


def about(head: ReportHead) -> tuple[tuple[str, str], ...]:
    """What a file says of itself: name and value, in the order in which people ask."""
    filters = head.filters
    account = next((one.handle for one in head.accounts if one.id == filters.account), "")
    calendar = f"version {head.calendar_version}" if head.calendar_version is not None else "none"
    return (
        ("Workspace", head.workspace.name),
        ("First day", filters.first.isoformat()),
        ("Last day", filters.last.isoformat()),
        ("Zone", head.workspace.zone),
        ("Channel", filters.channel or "all"),
        ("Account", account if filters.account is not None else "all"),
        ("Calendar", calendar),
        ("As at (UTC)", head.as_at.isoformat(timespec="seconds")),
    )


def minutes(wait: Wait) -> float:
    """A wait in minutes, for files."""
    return wait.length / timedelta(minutes=1)
