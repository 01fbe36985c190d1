"""What the reports show: figures of whole local days. Nothing of a contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.reporting import ReportFilters
from models.snapshots.boards import Surge
from models.snapshots.marks import GradeMark, Wait, WorkspaceMark
from models.usual import Usual


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An account that a report may be narrowed to."""

    id: int
    handle: str
    channel: str


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What every report says of itself: where, as at when, of what, and by which version of the calendar.

    ``grades`` are the keys of its grades, the most urgent first.
    """

    workspace: WorkspaceMark
    as_at: datetime
    filters: ReportFilters
    accounts: tuple[AccountChoice, ...]
    calendar_version: int | None
    collected_since: date | None
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: first and last local day. ``open`` ones are still filling; in ``unknown`` ones nothing was collected yet."""

    first: date
    last: date
    open: bool
    unknown: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a split: how many in the period and in the one before (None where that was not all collected)."""

    key: str
    count: int
    before: int | None


@dataclass(frozen=True, slots=True)
class UsualHour:
    """One hour of a local day: how many came, and what is usual for it. None is not known (or has not come)."""

    begins: datetime
    count: int | None
    usual: Usual | None


@dataclass(frozen=True, slots=True)
class SurgeGroup:
    """Messages of a surge that say much the same. ``text`` and ``conversation_id`` are those of the first, for readers only."""

    count: int
    text: str
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """Inbound messages of the period (METRICS.md, Inbound activity and Volume).

    ``counts`` has a row a bucket, in the order of ``channels``. ``week`` is messages an hour by local weekday (Monday
    first) and hour of the day, None for an hour that did not occur in what was collected. ``spam`` is not in ``total``.
    ``hours`` are those of the last day; ``surge`` is the one that goes on now, in the whole workspace.
    """

    head: ReportHead
    buckets: tuple[Bucket, ...]
    channels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    total: int
    before: int | None
    spam: int
    by_channel: tuple[Part, ...]
    by_account: tuple[Part, ...]
    by_kind: tuple[Part, ...]
    by_grade: tuple[Part, ...]
    by_topic: tuple[Part, ...]
    week: tuple[tuple[float | None, ...], ...]
    hours: tuple[UsualHour, ...] = ()
    surge: Surge | None = None
    alike: tuple[SurgeGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Waits:
    """A group of turns on one clock (METRICS.md, Statistics): percentiles are None below n = 20, where the range stands."""

    n: int
    unanswered: int
    median: Wait | None
    p90: Wait | None
    p95: Wait | None
    shortest: Wait | None
    longest: Wait | None


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Turns answered within target, of those that can be judged; ``share`` is None where there is none."""

    share: float | None
    judged: int


@dataclass(frozen=True, slots=True)
class ResponseGroup:
    """First or next responses of one grade, or of all (``grade`` None): both clocks side by side."""

    grade: GradeMark | None
    position: str
    public: Waits
    staffed: Waits
    service: ServiceLevel


@dataclass(frozen=True, slots=True)
class PartShare:
    """One part of the public wait over the answered turns: all the time that went there, and its share of the whole."""

    key: str
    total: timedelta
    share: float | None


@dataclass(frozen=True, slots=True)
class ResponseBucket:
    """First response (public clock) of the turns that started in one bucket; ``waits_open`` while an answer may change it."""

    bucket: Bucket
    waits: Waits
    waits_open: bool


@dataclass(frozen=True, slots=True)
class ResponseReport:
    """First and next response of the turns that started in the period (METRICS.md)."""

    head: ReportHead
    groups: tuple[ResponseGroup, ...]
    before: ResponseGroup | None
    by_bucket: tuple[ResponseBucket, ...]
    elsewhere: float | None
    answered: int
    out_of_hours: int
    parts: tuple[PartShare, ...]


@dataclass(frozen=True, slots=True)
class HoursBucket:
    """Out-of-hours share and rate ratio of one bucket; None without a calendar or messages."""

    bucket: Bucket
    n: int
    share: float | None
    rate_ratio: float | None


@dataclass(frozen=True, slots=True)
class Staffing:
    """People that each local hour of the week needs so that the share ``aim`` is taken up within ``target``.

    ``handling`` is the median time from claim to reply.
    """

    people: tuple[tuple[int | None, ...], ...]
    handling: timedelta
    target: timedelta
    aim: float


@dataclass(frozen=True, slots=True)
class HoursReport:
    """Out-of-hours share of the period. ``outside`` is messages out of hours; ``a_week`` the same for an average week.

    ``week`` is messages in an average week by local weekday (Monday first) and hour; ``open_share`` how much of that hour
    was inside opening windows (0 to 1), over the days of the period.
    """

    head: ReportHead
    by_bucket: tuple[HoursBucket, ...]
    n: int
    outside: int
    share: float | None
    rate_ratio: float | None
    before: float | None
    a_week: float | None
    week: tuple[tuple[float | None, ...], ...]
    open_share: tuple[tuple[float | None, ...], ...]
    staffing: Staffing | None = None


@dataclass(frozen=True, slots=True)
class Fared:
    """What some of our posts gained in a period, by figure (``models.engagement``): None where the network gave none.

    ``posts`` is how many of them had a reading. ``rate`` is engagements / impressions over the posts whose impressions are
    given (METRICS.md, Engagement rate); None without impressions.
    """

    posts: int
    engagements: int | None
    gained: Mapping[str, int | None]
    rate: float | None


@dataclass(frozen=True, slots=True)
class FaredPost:
    """One post of ours. ``text`` only where it was a broadcast: a reply may repeat what a contact told us."""

    message_id: int
    account_id: int
    sent: datetime
    conversation_id: int | None
    text: str
    fared: Fared


@dataclass(frozen=True, slots=True)
class EngagementReport:
    """What our public posts gained in the period, from the differences between stored readings.

    ``by_bucket`` has impressions and engagements a bucket, None where nothing was read. ``sent`` is how many public posts
    went out in the period, read or not. ``posts`` are those that gained most, best first. ``links`` are short links of our
    own that were followed: name, code, and clicks from networks, searches, elsewhere and unknown; of all accounts.
    """

    head: ReportHead
    buckets: tuple[Bucket, ...]
    by_bucket: tuple[tuple[int | None, int | None], ...]
    sent: int
    total: Fared
    before: Fared | None
    by_account: tuple[tuple[str, Fared], ...]
    by_tag: tuple[tuple[str, Fared], ...]
    posts: tuple[FaredPost, ...]
    links: tuple[tuple[str, str, int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One workspace over the period. ``days`` is how many were collected; ``urgent`` are messages above its lowest grade."""

    workspace: WorkspaceMark
    messages: int
    before: int | None
    days: int
    urgent: int
    private: int
    answered: int
    unanswered: int
    out_of_hours: float | None
    first: Waits
    service: ServiceLevel


@dataclass(frozen=True, slots=True)
class CompareReport:
    """Workspaces side by side, this one first. Each by its own local days."""

    head: ReportHead
    rows: tuple[CompareRow, ...]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic: messages about it, posts of ours about it, and messages by account and by other workspace.

    ``word`` is empty for what has no topic. ``accounts`` and ``workspaces`` stand in the order of the report's.
    """

    word: str
    messages: int
    posts: int
    accounts: tuple[int, ...]
    workspaces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicsReport:
    """What people wrote about; ``posts`` is how many of ours were read for a topic."""

    head: ReportHead
    accounts: tuple[str, ...]
    workspaces: tuple[str, ...]
    rows: tuple[TopicRow, ...]
    messages: int
    posts: int
