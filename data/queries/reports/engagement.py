"""How our public posts fared in a period, from the readings of their figures (METRICS.md, Engagement rate)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.queries.reports.ground import Ground, ground, places_of
from models.conversation import Message
from models.engagement import ENGAGEMENTS, FIGURES, PostFigures, Reading, gains, tags
from models.permissions import Scope
from models.posts import Direction, Kind
from models.reporting import ReportFilters
from models.snapshots import Bucket, EngagementReport, Fared, FaredPost
from models.tracking import LinkClick, Referrer, TrackedLink

MOST_SHOWN = 25
"""Posts that the report names; all of them are in its sums."""

_COLUMNS = [getattr(PostFigures, name) for name in FIGURES]


@dataclass(slots=True)
class _Post:
    """One post and what each reading of the period added."""

    id: int
    account_id: int
    sent: datetime
    conversation_id: int | None
    text: str
    readings: list[Reading] = field(default_factory=list)
    gained: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)


def engagement_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> EngagementReport:
    """What our posts gained. Raises ``NotPermitted`` and ``NotFound``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        posts = _posts(db, on, filters.first, filters.last)
        first, last = filters.before
        earlier = _posts(db, on, first, last) if _was_read(db, on, first) else []
        buckets = on.buckets()
        best = sorted(posts, key=lambda post: (-_engaged(post), -post.sent.timestamp(), post.id))
        return EngagementReport(
            head=on.head,
            buckets=buckets,
            by_bucket=_by_bucket(on, buckets, posts),
            sent=_sent(db, on),
            total=_fared(posts),
            before=_fared(earlier) if earlier else None,
            by_account=_split((str(post.account_id), post) for post in posts),
            by_tag=_split((tag, post) for post in posts for tag in tags(post.text)),
            posts=tuple(_shown(post) for post in best[:MOST_SHOWN]),
            links=_links(db, on),
        )


def _was_read(db: Session, on: Ground, first: date) -> bool:
    """Whether figures were being read by that day: what began later would look like growth."""
    began: datetime | None = db.scalar(
        select(func.min(PostFigures.taken)).where(PostFigures.workspace_id == on.ways.workspace_id)
    )
    return began is not None and began < on.instants(first, first)[1]


def _posts(db: Session, on: Ground, first: date, last: date) -> list[_Post]:
    """Every post with a reading in these days, with what its readings added."""
    begins, ends = on.instants(first, last)
    home = on.ways.workspace_id
    keys = select(PostFigures.message_id).where(
        PostFigures.workspace_id == home,
        PostFigures.taken >= begins,
        PostFigures.taken < ends,
        *on.narrowed(PostFigures.account_id),
    )
    statement = select(Message.id, Message.account_id, Message.sent, Message.conversation_id, Message.text).where(
        Message.workspace_id == home, Message.id.in_(keys)
    )
    posts = {row[0]: _Post(*row) for row in db.connection().execute(statement)}
    for key, reading in _read(db, home, keys, ends):
        posts[key].readings.append(reading)
    for post in posts.values():
        post.gained = gains(post.sent, begins, post.readings)
    return list(posts.values())


def _read(db: Session, home: int, keys: Select[int], ends: datetime) -> Iterable[tuple[int, Reading]]:
    """Every reading of these posts before ``ends``, from the first: a figure counts from where it was last given."""
    statement = (
        select(PostFigures.message_id, PostFigures.taken, *_COLUMNS)
        .where(PostFigures.workspace_id == home, PostFigures.message_id.in_(keys), PostFigures.taken < ends)
        .order_by(PostFigures.taken, PostFigures.id)
    )
    for key, taken, *counts in db.connection().execute(statement):
        yield key, (taken, dict(zip(FIGURES, counts, strict=True)))


def _sent(db: Session, on: Ground) -> int:
    begins, ends = on.instants(on.filters.first, on.filters.last)
    statement = select(func.count()).where(
        Message.workspace_id == on.ways.workspace_id,
        Message.account_id.in_(on.chosen or [one.id for one in on.head.accounts]),
        Message.direction == Direction.OUT,
        Message.kind == Kind.PUBLIC,
        Message.sent >= begins,
        Message.sent < ends,
    )
    return int(db.scalar(statement) or 0)


def _by_bucket(
    on: Ground, buckets: Sequence[Bucket], posts: Iterable[_Post]
) -> tuple[tuple[int | None, int | None], ...]:
    place = places_of(buckets)
    found: dict[int, list[Mapping[str, int]]] = defaultdict(list)
    for post in posts:
        for taken, gained in post.gained:
            found[place[taken.astimezone(on.ways.zone).date()]].append(gained)
    return tuple(
        (_sum(found[index], ("impressions",)), _sum(found[index], ENGAGEMENTS)) for index in range(len(buckets))
    )


def _sum(gained: Iterable[Mapping[str, int]], names: Sequence[str]) -> int | None:
    """The sum of some figures; None where none of them was ever given."""
    given = [counts[name] for counts in gained for name in names if name in counts]
    return sum(given) if given else None


def _fared(posts: Sequence[_Post]) -> Fared:
    gained = [counts for post in posts for _, counts in post.gained]
    rated = [counts for counts in gained if "impressions" in counts]
    impressions, engaged = _sum(rated, ("impressions",)), _sum(rated, ENGAGEMENTS)
    return Fared(
        posts=len(posts),
        engagements=_sum(gained, ENGAGEMENTS),
        gained={name: _sum(gained, (name,)) for name in FIGURES},
        rate=engaged / impressions if impressions and impressions > 0 and engaged is not None else None,
    )


def _split(found: Iterable[tuple[str, _Post]]) -> tuple[tuple[str, Fared], ...]:
    """Posts by a key, the key with most engagements first."""
    groups: dict[str, list[_Post]] = defaultdict(list)
    for key, post in found:
        groups[key].append(post)
    lines = [(key, _fared(posts)) for key, posts in groups.items()]
    return tuple(sorted(lines, key=lambda line: (-(line[1].engagements or 0), line[0])))


def _links(db: Session, on: Ground) -> tuple[tuple[str, str, int, int, int, int], ...]:
    """Short links that were followed in the period, the most followed first."""
    rows = db.execute(
        select(TrackedLink.id, TrackedLink.name, TrackedLink.code, LinkClick.referrer, func.sum(LinkClick.count))
        .join(TrackedLink, TrackedLink.id == LinkClick.link_id)
        .where(
            LinkClick.workspace_id == on.ways.workspace_id,
            LinkClick.day.between(on.filters.first.isoformat(), on.filters.last.isoformat()),
        )
        .group_by(TrackedLink.id, TrackedLink.name, TrackedLink.code, LinkClick.referrer)
    )
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for _key, name, code, referrer, count in rows:
        found[name, code][referrer] = int(count)
    best = sorted(found, key=lambda link: (-sum(found[link].values()), link))
    return tuple((*link, *_by_referrer(found[link])) for link in best)


def _by_referrer(counts: Mapping[str, int]) -> tuple[int, int, int, int]:
    network, search, other, unknown = (counts.get(one, 0) for one in Referrer)
    return network, search, other, unknown


def _engaged(post: _Post) -> int:
    return _sum([counts for _, counts in post.gained], ENGAGEMENTS) or 0


def _shown(post: _Post) -> FaredPost:
    text = post.text if post.conversation_id is None else ""
    return FaredPost(post.id, post.account_id, post.sent, post.conversation_id, text, _fared([post]))
