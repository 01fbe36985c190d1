"""The queue: its order, its views, its filters and its counts, against every conversation looked at one by one."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from data.queries.queue import PAGE, queue, rows_of
from models.claims import HandOver, Hold
from models.conversation import Conversation, Episode
from models.filters import VIEWS
from models.outbox import Outgoing, OutgoingState
from models.permissions import Permission, Scope
from models.posts import Kind
from models.problems import NotFound, NotPermitted
from models.snapshots import QueueFilters
from models.workspace import Team, TeamMember
from tests.histories import DAY, HOUR, INSTANT, History, rows
from tests.rows import add_user, open_database

NOW = datetime(2026, 11, 23, 14, 32, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READER = frozenset({Permission.READ})
KEYS = [key for key, _ in VIEWS]
GRADES = {1: "emergency", 2: "priority", 3: "standard"}


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return History(database)


def scope(history, user_id=None, permissions=READER):
    return Scope(history.id, history.slug, permissions, user_id, "Ann")


def shown(history, user_id=None, now=NOW, **filters):
    return queue(history.database, scope(history, user_id), QueueFilters(**filters), now)


def ids(found):
    return [row.id for row in found.rows]


def some(history, account_id, users, contacts, team):
    """A conversation in any state its life can bring it to."""
    random = history.random
    rank = random.choice([1, 2, 3, 3, 3])
    state = random.choice(["open"] * 4 + ["waiting for the contact"] * 3 + ["with a partner", "snoozed", "closed"])
    moved = NOW - random.choice([MINUTE, 5 * HOUR, 15 * HOUR, 24 * HOUR, 25 * HOUR, 90 * DAY])
    values = {"state": state, "rank": rank, "last_at": moved, "holder_id": random.choice([None, None, *users])}
    if state not in ("closed", "waiting for the contact"):
        due = NOW + random.choice([-DAY, -MINUTE, timedelta(0), 15 * MINUTE, 15 * MINUTE + INSTANT, DAY])
        values |= {"since": moved, "due": due}
    else:
        values["last_reply"] = random.choice([moved, moved, moved - HOUR, None])
    values |= random.choice(
        [{}, {}, {}, {"assigned_id": users[0]}, {"assigned_id": users[1], "team_id": team}, {"team_id": team}]
    )
    contact = history.contact(handle="@someone", name=random.choice(["", "Some One"]))
    contacts.append(contact)
    found = history.conversation(account_id, contact, **values)
    reply = random.choice([None] * 6 + [*OutgoingState])
    if reply is not None:
        history.add(
            Outgoing, conversation_id=found, account_id=account_id, author_id=random.choice(users), text="On our way",
            kind="public", state=str(reply), written=moved,
        )  # fmt: skip
    taker = random.choice([None] * 12 + [{"taker_id": users[0]}, {"taker_id": users[1]}, {"team_id": team}])
    if taker is not None:
        history.add(
            HandOver, conversation_id=found, giver_id=random.choice(users), note="yours", offered=moved, lapses=moved,
            state=random.choice(["offered", "offered", "declined"]), **taker,
        )  # fmt: skip
    for _ in range(random.randrange(3)):
        history.episode(found, NOW - random.choice([HOUR, 29 * DAY, 30 * DAY, 31 * DAY]))


@pytest.fixture(scope="module")
def crowd(module_database):
    """Two workspaces with a few hundred conversations each, held by the same two people."""
    users = [add_user(module_database, name) for name in ("ann", "bob")]
    for slug, seed in (("north", 1), ("south", 2)):
        history = History(module_database, slug, seed)
        with history.at_once():
            accounts = [history.account(channel) for channel in ("x", "x", "mastodon")]
            contacts, team = [], history.add(Team, name="Night")
            history.write(lambda c, home, team=team: c.db.add(TeamMember(team_id=team, user_id=users[0], **home)))
            for _ in range(240):
                some(history, history.random.choice(accounts), users, contacts, team)
        if slug == "north":
            north = history
    return north, users


class Every:
    """All conversations of a workspace, and what the brief says of each view."""

    def __init__(self, history):
        with history.database.read() as db:
            self.all = rows(db, Conversation, history.id)
            self.episodes = rows(db, Episode, history.id)
            outgoing = rows(db, Outgoing, history.id)
            offers = [one for one in rows(db, HandOver, history.id) if one.state == "offered"]
            members = {(one.team_id, one.user_id) for one in rows(db, TeamMember, history.id)}
        waiting = {"draft", "needs a person", "rejected", "sent back"}
        self.members = members
        self.offers = {one.conversation_id: one for one in offers}
        self.to_see_to = {row.conversation_id for row in outgoing if row.state in waiting}

    def is_for(self, row, me):
        """Whether it is assigned to this person or their team, or being handed over to either."""
        offer = self.offers.get(row.id)
        offered = offer is not None and offer.giver_id != me and me in self.takers(offer.taker_id, offer.team_id)
        return offered or me in self.takers(row.assigned_id, row.team_id)

    def takers(self, user_id, team_id):
        return {user_id} if user_id is not None else {user for team, user in self.members if team == team_id}

    def holds(self, view, row, me):
        needs = row.state == "open" and row.since is not None
        replied_lately = row.last_reply is not None and NOW - row.last_reply <= DAY
        waiting = row.state == "waiting for the contact" and replied_lately and NOW - row.last_at <= DAY
        return {
            "needs": needs,
            "mine": row.holder_id == me and row.state != "closed",
            "assigned": row.state != "closed" and self.is_for(row, me),
            "nobody": needs and row.holder_id is None,
            "soon": needs and row.due - NOW <= 15 * MINUTE,
            "waiting": waiting,
            "partner": row.state == "with a partner",
            "snoozed": row.state == "snoozed",
            "open": needs or waiting or row.state in ("with a partner", "snoozed"),
            "closed": row.state == "closed" and row.last_at >= datetime(2026, 11, 23, tzinfo=UTC),
            "replies": row.id in self.to_see_to,
        }[view]

    def ordered(self, view, me, keep=lambda row: True):
        late = NOW + 10_000 * DAY
        found = [row for row in self.all if self.holds(view, row, me) and keep(row)]
        return [row.id for row in sorted(found, key=lambda row: (row.rank, row.due or late, row.id))]


@pytest.fixture(scope="module")
def every(crowd):
    return Every(crowd[0])


@pytest.mark.parametrize("view", KEYS)
def test_each_view_holds_what_it_says_in_the_order_of_grade_then_due(crowd, every, view):
    history, (ann, _) = crowd
    expected = every.ordered(view, ann)
    assert expected, "a view that nothing is in tests nothing"
    found = [shown(history, ann, view=view, page=number) for number in range(1, -(-len(expected) // PAGE) + 1)]
    assert [key for page in found for key in ids(page)] == expected
    assert {(page.total, page.pages) for page in found} == {(len(expected), len(found))}


def test_every_view_is_counted_whole_whatever_the_filters(crowd, every):
    history, (ann, _) = crowd
    expected = [(key, label, len(every.ordered(key, ann))) for key, label in VIEWS]
    for filters in ({}, {"channel": "x"}, {"grade": "priority", "view": "mine"}):
        found = shown(history, ann, **filters)
        assert [(one.key, one.label, one.count) for one in found.views] == expected


def test_accounts_are_counted_by_what_needs_an_answer(crowd, every):
    history, (ann, _) = crowd
    found = shown(history, ann).accounts
    assert [one.channel for one in found] == ["mastodon", "x", "x"]
    for one in found:
        assert one.count == len(every.ordered("needs", ann, lambda row, key=one.id: row.account_id == key))


@pytest.mark.parametrize(("view", "grade", "channel"), list(product(KEYS, ["", "priority"], ["", "x", "mastodon"])))
def test_filters_combine(crowd, every, view, grade, channel):
    history, (ann, _) = crowd
    channels = {one.id: one.channel for one in shown(history, ann).accounts}
    for account in (None, *channels):
        expected = every.ordered(
            view,
            ann,
            lambda row, account=account: (
                (not grade or GRADES[row.rank] == grade)
                and (not channel or channels[row.account_id] == channel)
                and account in (None, row.account_id)
            ),
        )
        found = shown(history, ann, view=view, grade=grade, channel=channel, account=account)
        assert (ids(found), found.total) == (expected[:PAGE], len(expected))


@pytest.mark.parametrize("filters", [{"grade": "purple"}, {"channel": "telegraph"}, {"account": 987654}])
def test_what_is_not_in_this_workspace_matches_nothing(crowd, filters):
    found = shown(crowd[0], crowd[1][0], **filters)
    assert (found.rows, found.total, found.pages) == ((), 0, 1)


def test_a_row_says_what_is_true_of_its_conversation(crowd, every):
    history, (ann, _) = crowd
    by_id = {row.id: row for row in every.all}
    for row in shown(history, ann, view="open").rows:
        kept = by_id[row.id]
        same = [one.id for one in every.all if one.contact_id == kept.contact_id]
        lately = [e for e in every.episodes if e.conversation_id in same and NOW - e.opened < 30 * DAY]
        assert (row.grade.rank, row.since, row.due) == (kept.rank, kept.since, kept.due)
        assert row.contacts == len(lately)
        assert row.mine == (kept.holder_id == ann)
        assert row.holder == {None: None, ann: "Ann"}.get(kept.holder_id, "Bob")
        assert row.contact in ("Some One", "@someone")


def test_a_page_beyond_the_last_is_the_last(crowd):
    history, (ann, _) = crowd
    last = shown(history, ann, page=999)
    assert last.filters.page == last.pages > 1
    assert last.rows


def test_rows_can_be_looked_up_wherever_they_went(crowd, every):
    history, (ann, _) = crowd
    with history.database.read() as db:
        foreign = db.scalars(select(Conversation.id).where(Conversation.workspace_id != history.id)).all()
    wanted = [row.id for row in every.all][:40]
    found = rows_of(history.database, scope(history, ann), [*wanted, foreign[0], 10**12], NOW)
    assert sorted(found) == sorted(wanted)
    assert all(key == row.id for key, row in found.items())
    assert rows_of(history.database, scope(history, ann), [], NOW) == {}


def test_a_contact_who_writes_to_two_accounts_is_counted_over_both(north):
    first, second = north.account(), north.account()
    contact = north.contact()
    for account in (first, second):
        conversation = north.conversation(account, contact, since=NOW, due=NOW)
        north.episode(conversation, NOW - HOUR)
    north.episode(north.conversation(first, since=NOW, due=NOW), NOW)
    assert sorted(row.contacts for row in shown(north).rows) == [1, 2, 2]


def test_a_row_carries_flags_language_media_and_kind(north):
    account = north.account("mastodon", handle="@north@social.example")
    values = {"flags": ["risk", "child"], "language": "cy", "media": True, "kind": "private", "first_line": "Helo"}
    north.conversation(account, since=NOW - HOUR, due=NOW, **values)
    row = shown(north).rows[0]
    assert (row.flags, row.language, row.media, row.kind) == (("risk", "child"), "cy", True, Kind.PRIVATE)
    assert (row.channel, row.account, row.first_line, row.holder) == ("mastodon", "@north@social.example", "Helo", None)


def test_an_empty_queue_says_nought_and_still_has_one_page(north):
    found = shown(north)
    assert (found.rows, found.total, found.pages, found.filters) == ((), 0, 1, QueueFilters())
    assert [one.count for one in found.views] == [0] * len(VIEWS)
    assert [grade.rank for grade in found.grades] == [1, 2, 3]
    assert (found.workspace.slug, found.as_at, found.channels) == ("north", NOW, ())


def test_nobody_is_mine_for_a_kiosk(north):
    north.conversation(north.account(), since=NOW, due=NOW)
    assert shown(north, view="mine").total == 0
    assert not shown(north).rows[0].mine


def test_only_readers_see_the_queue(north):
    for ask in (
        lambda: queue(north.database, scope(north, 1, frozenset({Permission.VIEW_BOARD})), QueueFilters(), NOW),
        lambda: rows_of(north.database, scope(north, 1, frozenset()), [1], NOW),
    ):
        with pytest.raises(NotPermitted):
            ask()


def test_a_workspace_that_is_not_there_is_not_found(database):
    with pytest.raises(NotFound):
        queue(database, Scope(9, "gone", READER), QueueFilters(), NOW)


def test_a_row_says_who_should_answer_whose_claim_lapsed_and_that_it_is_handed_over(north):
    account = north.account("x")
    ann, bob = add_user(north.database, "ann"), add_user(north.database, "bob")
    team = north.add(Team, name="Night")
    waits = {"since": NOW, "due": NOW}
    first = north.conversation(account, assigned_id=bob, **waits)
    second = north.conversation(account, team_id=team, holder_id=ann, **waits)
    third = north.conversation(account, **waits)
    north.add(HandOver, conversation_id=second, giver_id=ann, taker_id=bob, note="yours", offered=NOW, lapses=NOW)
    with north.database.write() as db:
        db.add(
            Hold(workspace_id=north.id, conversation_id=third, user_id=ann, rank=3, acted=NOW, lapses=NOW, lapsed=NOW)
        )
    rows_now = {row.id: row for row in shown(north, bob).rows}
    assert [
        (rows_now[key].assigned, rows_now[key].lapsed, rows_now[key].offered) for key in (first, second, third)
    ] == [
        ("Bob", None, False),
        ("Night", None, True),
        (None, "Ann", False),
    ]
