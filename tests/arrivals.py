"""Posts that arrive: random histories of a small town, in any order, and what the database says of them in the end.

Every name is invented. Times are whole minutes, so that several things often happen at once.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from data.administration import create_workspace
from data.audit import change
from data.database import Database
from data.intake import take
from data.page import AccountFacts
from models.audit import COMMAND
from models.conversation import Contact, Conversation, Episode, Message, MessageVersion, Quarantined, Tombstone, Turn
from models.posts import Author, Batch, Direction, Kind, Media, Post, Unreadable
from models.rollups import Daily, Hourly, HourlyTotal, ResponseSketch
from models.workspace import Account, Rule, Team
from tests.rows import add_user

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

RULES = (
    ({"words": {"any": ["fire"]}}, {"grade": "Emergency", "topic": "Fire and fire safety", "flags": ["fire"]}),
    ({"words": {"any": ["car"]}}, {"grade": "Priority", "topic": "Roads and traffic", "team": "Roads", "flags": ["car"]}),
    ({"words": {"any": ["lost"]}}, {"topic": "Lost property", "assign": "ann", "flags": ["lost", "car"]}),
    ({"words": {"any": ["cheap"]}}, {"spam": True, "topic": "Spam"}),
    ({"contact": "new"}, {"flags": ["newcomer"]}),
    ({"words": {"any": ["again"]}, "contact": "repeat"}, {"grade": "Priority", "flags": ["again"]}),
    ({"hours": "out", "languages": ["cy"]}, {"flags": ["welsh at night"]}),
    ({"words": {"any": ["noise"]}, "media": ["photo"]}, {"grade": "Priority", "flags": ["seen"]}),
)  # fmt: skip
WORDS = ("fire", "car", "lost", "cheap", "again", "hello", "thanks", "noise")


@dataclass(frozen=True)
class Town:
    """A workspace with rules and one account, in its database."""

    database: Database
    account: AccountFacts

    def take(self, *posts, unreadable=(), cursor="c", at=NOW, **more):
        """Take one page."""
        batch = Batch(posts, cursor, tuple(Unreadable(raw, "odd") for raw in unreadable))
        return take(self.database, self.account, batch, at, lambda: at, **more)

    def rows(self, entity, *wanted):
        """All rows of one table in this workspace, oldest first."""
        with self.database.read() as db:
            return list(db.scalars(select(entity).where(entity.workspace_id == self.account.workspace_id, *wanted)))


def found(database, slug="north", rules=RULES, at=MONDAY - timedelta(days=30)):
    """A workspace with ``rules`` in place of those a new one has, a team Roads, and an account on X."""
    workspace_id = create_workspace(database, slug, slug.title(), at, COMMAND)
    with change(database, workspace_id, COMMAND, at) as c:
        home = {"workspace_id": workspace_id, "audit_id": c.audit_id}
        for rule in c.db.scalars(select(Rule).where(Rule.workspace_id == workspace_id)):
            c.db.delete(rule)
        c.db.flush()
        for position, (conditions, actions) in enumerate(rules):
            c.db.add(Rule(name=f"r{position}", position=position, conditions=conditions, actions=actions, **home))
        c.db.add(Team(name="Roads", **home))
        c.state("furnish", "workspace", workspace_id)
    return Town(database, add_account(database, workspace_id))


def add_account(database, workspace_id, handle="@north", channel="x", at=MONDAY):
    """One more account of a workspace."""
    with change(database, workspace_id, COMMAND, at) as c:
        row = Account(
            workspace_id=workspace_id, audit_id=c.audit_id, channel=channel, connector="replay", handle=handle, created=at
        )  # fmt: skip
        c.db.add(row)
        c.db.flush()
        c.state("create", "account", row.id)
    return AccountFacts(workspace_id, row.id, channel)


def add_colleague(database, sign_in="ann"):
    """A user whom rules may name."""
    return add_user(database, sign_in)


def person(name, handle=None):
    """Somebody outside."""
    return Author(name, f"@{name}" if handle is None else handle, name.title(), None)


ANN, BEN = person("ann"), person("ben")


def asks(key, minute, text="hello", contact=ANN, **more):
    """An inbound post, so many minutes after Monday morning."""
    return Post(key, MONDAY + minute * MINUTE, text, Kind.PUBLIC, Direction.IN, contact, **more)


def answers(key, minute, parent=None, contact=ANN, **more):
    """One of our own posts, by a person unless said otherwise."""
    return Post(
        key, MONDAY + minute * MINUTE, "we are on it", Kind.PUBLIC, Direction.OUT, contact, parent_id=parent, **more
    )


def edit(post, minute, text, number=2):
    """Another version of a post."""
    at = MONDAY + minute * MINUTE
    return replace(post, version_id=f"{post.network_id}v{number}", text=text, edited=at)


def gone(post, minute):
    """The deletion of a post, found at that minute."""
    at = MONDAY + minute * MINUTE
    return replace(post, text="", deleted=at, sent=at, contact=None, edited=None, version_id=post.network_id)


def history(random, people=3, threads=10):
    """Every version and deletion of what a few people and we said, as posts; each may come in any order."""
    posts = []
    for number in range(threads):
        who = random.randrange(people)
        minute = random.choice((random.randrange(60), random.randrange(60 * 24 * 5)))
        posts += _thread(random, f"m{number}", who, minute)
    return posts


def _thread(random, key, who, minute):
    kind = random.choice((Kind.PUBLIC, Kind.PUBLIC, Kind.PRIVATE, Kind.LISTENING))
    first = replace(asks(key, minute, _text(random), _named(random, who), **_looks(random)), kind=kind)
    posts = [first, *_changes(random, first, minute)]
    last = first
    for step in range(random.choice((0, 1, 1, 2, 3))):
        minute += random.choice((0, 1, 7, 60, 60 * 25))
        last = _follow_up(random, f"{key}-{step}", who, minute, last)
        posts += [last, *_changes(random, last, minute)]
    return posts


def _follow_up(random, key, who, minute, last):
    form = random.choice(("more", "reply", "child", "child", "automatic", "broadcast"))
    if form == "more":
        return asks(key, minute, _text(random), _named(random, who), parent_id=last.network_id, **_looks(random))
    if form == "reply":
        return answers(key, minute, last.network_id, _named(random, who))
    if form == "automatic":
        return answers(key, minute, last.network_id, _named(random, who), automatic=True)
    parent = random.choice((last.network_id, f"{last.network_id}v2")) if form == "child" else None
    return answers(key, minute, parent, None)


def _changes(random, post, minute):
    changes = []
    for number in range(2, 2 + random.choice((0, 0, 0, 1, 2))):
        minute += random.choice((1, 5, 90))
        changes.append(replace(edit(post, minute, _text(random), number), **_looks(random)))
    if random.random() < 0.1:
        changes += [gone(post, minute + random.choice((1, 30))) for _ in range(random.choice((1, 2)))]
    return changes


def _text(random):
    return " ".join(random.choice(WORDS) for _ in range(2))


def _looks(random):
    media = (Media("photo", "a street"),) if random.random() < 0.2 else ()
    return {"media": media}


def _named(random, who):
    name, handle = random.choice((("Old", "@old"), ("New", "@new"), ("", ""), ("", "@only")))
    return Author(f"p{who}", handle, name, random.choice((None, 10)))


def deliver(town, random, posts, most=6):
    """Hand posts over in random pages and some of them twice; returns the counts of all pages."""
    coming = list(posts) + [post for post in posts if random.random() < 0.15]
    random.shuffle(coming)
    counts = []
    while coming:
        size = random.randrange(1, most + 1)
        page, coming = coming[:size], coming[size:]
        counts.append((len(page), town.take(*page)))
    return counts


NOT_COMPARED = {"id", "audit_id", "workspace_id", "account_id", "unassessed", "state_since"}
"""Keys, and what tells of the arrival itself: whether somebody had looked before it came, and when a state began."""
KEYED = {
    "contact_id": "contact", "conversation_id": "conversation", "turn_id": "turn", "episode_id": "episode",
    "message_id": "message",
}  # fmt: skip


def picture(town):
    """The final rows of a workspace with natural keys in the place of numbers, so that two towns can be compared."""
    contacts = {row.id: row.network_id for row in town.rows(Contact)}
    conversations = {row.id: contacts[row.contact_id] for row in town.rows(Conversation)}
    episodes = {row.id: (conversations[row.conversation_id], row.opened) for row in town.rows(Episode)}
    turns = {row.id: (conversations[row.conversation_id], row.started) for row in town.rows(Turn)}
    messages = {row.id: row.network_id for row in town.rows(Message)}
    names = {
        "contact": contacts, "conversation": conversations, "episode": episodes, "turn": turns, "message": messages,
        "grade_id": _words(town, "grade"), "topic_id": _words(town, "topic"), "team_id": _words(town, "team"),
        "outcome_id": _words(town, "outcome"),
    }  # fmt: skip
    entities = (
        Contact, Conversation, Episode, Turn, Message, MessageVersion, Hourly, HourlyTotal, Daily, ResponseSketch,
        Tombstone, Quarantined,
    )  # fmt: skip
    return {entity.__tablename__: sorted(_plain(row, names) for row in town.rows(entity)) for entity in entities}


def _words(town, table):
    entity = next(one for one in Contact.registry.mappers if one.local_table.name == table).class_
    return {0: "none"} | {row.id: getattr(row, "word", None) or row.name for row in town.rows(entity)}


def _plain(row, names):
    """One row as text: what differs is then seen at a glance."""
    told = []
    for column in row.__table__.columns:
        value = getattr(row, column.name)
        if column.name in NOT_COMPARED or column.name == "sketch" or value is None:
            continue
        if column.name == "hits":
            value = {**value, "rules": [{**hit, "id": hit["name"]} for hit in value["rules"]]}
        known = names.get(KEYED.get(column.name, column.name))
        told.append(f"{column.name}={known[value] if isinstance(known, dict) else value}")
    return ", ".join(told)
