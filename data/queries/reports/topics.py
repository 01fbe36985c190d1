"""What people write about, by account and workspace, against what we published about."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.queries.reports.activity import NO_TOPIC, activity_report
from data.queries.reports.compare import scopes_of
from data.queries.reports.ground import Ground, ground
from models.conversation import Message
from models.permissions import Scope
from models.posts import Direction, Kind, attached
from models.reporting import ReportFilters
from models.rollups import Daily
from models.rules import Arrival
from models.snapshots import TopicRow, TopicsReport
from models.workspace import Account, Topic

MOST_READ = 5_000
"""Posts of ours that the rules read for their topic: the newest."""


def topics_report(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> TopicsReport:
    """A row for each topic that anybody wrote about or we published about. Raises ``NotPermitted`` and ``NotFound``."""
    with database.read() as db:
        on = ground(db, scope, filters, now)
        came = _came(db, on)
        posts = _published(db, on)
    totals = Counter({word: sum(by.values()) for word, by in came.items()})
    words = sorted(totals.keys() | posts.keys(), key=lambda word: (word == NO_TOPIC, -totals[word], -posts[word], word))
    shown = sorted({account for by in came.values() for account in by})
    others = {} if filters.account is not None else _others(database, scope, filters, now)
    return TopicsReport(
        head=on.head,
        accounts=tuple(str(one) for one in shown),
        workspaces=tuple(others),
        rows=tuple(
            TopicRow(
                word,
                totals[word],
                posts[word],
                tuple(came[word][one] for one in shown),
                tuple(found[word] for found in others.values()),
            )
            for word in words
        ),
        messages=totals.total(),
        posts=posts.total(),
    )


def _came(db: Session, on: Ground) -> dict[str, Counter[int]]:
    """Messages by the word of their topic and account."""
    words = {row.id: row.word for row in db.scalars(select(Topic).where(Topic.workspace_id == on.ways.workspace_id))}
    rows = db.connection().execute(
        select(Daily.topic_id, Daily.account_id, func.sum(Daily.count))
        .where(
            Daily.workspace_id == on.ways.workspace_id,
            Daily.day.between(on.filters.first.isoformat(), on.filters.last.isoformat()),
            Daily.spam == 0,
            *on.narrowed(Daily.account_id),
        )
        .group_by(Daily.topic_id, Daily.account_id)
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for topic, account, count in rows:
        found[words.get(topic, NO_TOPIC)][account] += int(count)
    return found


def _published(db: Session, on: Ground) -> Counter[str]:
    """Our public posts that answer nobody, by the topic that the workspace's rules read in them today."""
    begins, ends = on.instants(on.filters.first, on.filters.last)
    rows = db.connection().execute(
        select(Message.text, Message.language, Message.sent, Message.media, Message.account_id, Account.channel)
        .join(Account, Account.id == Message.account_id)
        .where(
            Message.workspace_id == on.ways.workspace_id,
            Message.account_id.in_(on.chosen or [one.id for one in on.head.accounts]),
            Message.direction == Direction.OUT,
            Message.kind == Kind.PUBLIC,
            Message.conversation_id.is_(None),
            Message.deleted.is_(None),
            Message.sent >= begins,
            Message.sent < ends,
        )
        .order_by(Message.sent.desc())
        .limit(MOST_READ)
    )
    found: Counter[str] = Counter()
    for text, language, sent, media, account, channel in rows:
        hours = on.ways.calendar.hours_status(sent)
        arrival = Arrival(text, channel, Kind.PUBLIC, account, language, False, hours, attached(media))
        found[on.ways.rules.triage(arrival).topic or NO_TOPIC] += 1
    return found


def _others(database: Database, scope: Scope, filters: ReportFilters, now: datetime) -> dict[str, Counter[str]]:
    """Messages by topic in the other workspaces that the person may read reports of, by their names."""
    wanted = replace(filters, account=None)
    found: dict[str, Counter[str]] = {}
    for one in scopes_of(database, scope)[1:]:
        report = activity_report(database, one, wanted, now)
        found[report.head.workspace.name] = Counter({part.key: part.count for part in report.by_topic})
    return found
