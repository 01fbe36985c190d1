"""The demonstration: invented to the last word, the same however often it is loaded, and alive while it is served."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from shutil import copyfile

import pytest
from sqlalchemy import func, select, update

from data.audit import change
from data.channels import connect
from data.demonstration import PASSWORD, begin, catch_up, is_demonstration, load
from data.demonstration.claims import begin_claims
from data.demonstration.county import SAMPLES, county
from data.demonstration.fared import begin_engagement
from data.demonstration.handling import handle
from data.demonstration.loading import accounts, incidents
from data.demonstration.replies import begin_replies
from data.demonstration.story import between
from data.intake import take
from data.page import AccountFacts
from data.passwords import is_right
from data.verification import verify
from models.audit import COMMAND, AuditEvent, Revision
from models.base import Base
from models.claims import HandOver, Hold
from models.conversation import Conversation, Message, Tally, Turn
from models.engagement import PostFigures
from models.incidents import Incident, IncidentConversation, Methane
from models.merging import ContactMerge
from models.notes import Note
from models.outbox import Outgoing
from models.people import User
from models.posts import Batch, Direction
from models.problems import DemonstrationOnly
from models.workspace import Account, AccountPoll, Installation, Workspace
from tests import postgres
from tests.rows import add_user, add_workspace, open_database

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
HISTORY = timedelta(hours=30)


class Hands:
    """A clock that somebody moves."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def pass_by(self, **time):
        self.at += timedelta(**time)


@pytest.fixture
def clock():
    return Hands(NOON)


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def silent(what, share):
    """Nobody watches the loading."""


@pytest.fixture(scope="module")
def template(database_kind, template_database, tmp_path_factory):
    """A loaded demonstration that nobody writes to: the path of its file on SQLite, its address on Postgres."""
    if database_kind == "sqlite":
        path = tmp_path_factory.mktemp("demonstration") / "template.db"
        copyfile(template_database, path)
        fill(f"sqlite:///{path}")
        yield str(path)
        return
    name = postgres.unique_name("demonstration")
    with postgres.database(os.environ["TEST_POSTGRES_URL"], name, template=template_database) as url:
        fill(url)
        yield url


def fill(url):
    made = open_database(url)
    load(made, lambda: NOON, silent, HISTORY)
    made.close()


@pytest.fixture
def loaded(database_kind, template, tmp_path):
    """A loaded demonstration of this test's own."""
    if database_kind == "sqlite":
        path = copyfile(template, tmp_path / "demonstration.db")
        opened = open_database(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    name = postgres.unique_name("loaded")
    with postgres.database(os.environ["TEST_POSTGRES_URL"], name, template=template) as url:
        opened = open_database(url)
        yield opened
        opened.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "demonstration"


def count(database, entity, *wanted):
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(entity).where(*wanted))


def rows(database, entity, *wanted):
    with database.read() as db:
        return list(db.scalars(select(entity).where(*wanted)))


def business(database):
    """All rows of all tables but those that say how often something was looked at."""
    passing = {Tally.__tablename__, Installation.__tablename__}
    with database.read() as db:
        return {
            name: sorted(map(repr, db.execute(select(table))))
            for name, table in Base.metadata.tables.items()
            if name not in passing
        }


def test_loading_says_what_it_does_and_how_far_it_is(database, clock):
    told = []
    load(database, clock, lambda what, share: told.append((what, share)), HISTORY)
    assert told[0] == ("Making workspaces and people", 0.0)
    assert told[-1] == ("Ready", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert "Filling in Wednesday 18 November" in [what for what, _ in told]


def test_every_account_of_every_workspace_has_something_to_show(loaded):
    assert is_demonstration(loaded)
    assert count(loaded, Workspace) == 2
    assert count(loaded, Account) == 6
    assert {row.account_id for row in rows(loaded, Message)} == {row.id for row in rows(loaded, Account)}
    assert count(loaded, Message, Message.direction == Direction.IN) > 300
    assert count(loaded, Turn, Turn.replied.is_not(None)) > 200
    assert count(loaded, Conversation, Conversation.since.is_not(None)) > 0
    assert all(chain.bad is None for chain in verify(loaded))


def test_nothing_happens_before_the_history_or_after_now(loaded):
    sent = [message.sent for message in rows(loaded, Message)]
    assert NOON - HISTORY <= min(sent) <= max(sent) < NOON


def test_loading_again_at_once_changes_nothing(loaded, clock):
    before = business(loaded)
    load(loaded, clock, silent, HISTORY)
    assert business(loaded) == before


def test_a_later_start_fills_in_what_is_missing(loaded, clock):
    clock.pass_by(hours=5)
    load(loaded, clock, silent, HISTORY)
    posts = [event.post for event in between(NOON - HISTORY, clock()) if event.post]
    assert {message.network_id for message in rows(loaded, Message)} == {post.network_id for post in posts}


def test_parts_of_a_history_make_the_same_rows_as_the_whole(loaded, clock, database):
    clock.at = NOON - timedelta(hours=9)
    load(database, clock, silent, HISTORY - timedelta(hours=9))
    clock.at = NOON
    load(database, clock, silent, HISTORY)
    assert standing(database) == standing(loaded)


def standing(database):
    return sorted(
        (row.state, row.rank, str(row.since), str(row.due), row.first_line) for row in rows(database, Conversation)
    )


def test_a_database_with_real_workspaces_is_refused(database, clock):
    add_workspace(database)
    with pytest.raises(DemonstrationOnly):
        load(database, clock, silent, HISTORY)
    assert (count(database, Workspace), count(database, Message)) == (1, 0)


def test_a_database_with_real_people_is_refused(database, clock):
    add_user(database, "ann")
    with pytest.raises(DemonstrationOnly):
        load(database, clock, silent, HISTORY)
    assert not is_demonstration(database)


def test_everybody_signs_in_with_the_printed_password(loaded, clock):
    for user in rows(loaded, User)[:2]:
        assert is_right(user.password_hash, PASSWORD)


def plain(text):
    """A text without what the story changes: the streets that stand for one another, and our handle before it."""
    streets = sorted(county().places["swaps"]["streets"], key=len, reverse=True)
    for name in (account["handle"] for account in county().accounts):
        text = re.sub(f"^{re.escape(name)} ", "", text)
    return re.sub("|".join(map(re.escape, streets)), "STREET", text)


def written():
    """Every text that stands in the samples."""
    inbound = json.loads((SAMPLES / "inbound.json").read_text("utf-8"))
    script = json.loads((SAMPLES / "incident.json").read_text("utf-8"))
    texts = {text for one in inbound for text in (one["text"], *one["follow_up"], *one["replies"])}
    texts |= {one["text"] for one in (*script["posts"], *script["official"])} | {script["caught_up"]}
    texts |= set(json.loads((SAMPLES / "places.json").read_text("utf-8"))["acknowledged"])
    return {plain(text) for text in texts}


def test_every_message_is_a_text_of_the_samples(loaded, clock, folder):
    begin(loaded, clock, folder)
    clock.pass_by(hours=2)
    poll(loaded, clock)
    catch_up(loaded, clock)
    texts = {plain(message.text) for message in rows(loaded, Message)}
    assert len(texts) > 200
    assert texts <= written()


def test_a_text_from_elsewhere_would_be_seen():
    assert plain("a text from elsewhere") not in written()


def poll(database, clock):
    """What pollers do: fetch every page of every account that is due."""
    for place in accounts(database):
        connector = connect("replay", handle=place.handle, settings=place.settings, credentials={}, clock=clock)
        facts, more = AccountFacts(place.workspace_id, place.id, place.channel), True
        while more:
            [polled] = rows(database, AccountPoll, AccountPoll.account_id == place.id) or [None]
            batch = connector.fetch(polled.cursor if polled else None)
            take(database, facts, batch, clock(), clock)
            more = batch.more


def test_an_incident_begins_with_the_server(loaded, clock, folder):
    before = count(loaded, Message)
    begin(loaded, clock, folder)
    poll(loaded, clock)
    assert count(loaded, Message) == before
    clock.pass_by(seconds=70)
    poll(loaded, clock)
    fire = count(loaded, Message, Message.network_id.like("incident-%"), Message.direction == Direction.IN)
    assert fire == 7
    assert {path.name for path in folder.iterdir()} == {f"account-{place.id}.jsonl" for place in accounts(loaded)}


def test_the_incident_tells_everybody_through_a_broadcast(loaded, clock, folder):
    begin(loaded, clock, folder)
    clock.pass_by(minutes=15)
    poll(loaded, clock)
    ours = rows(loaded, Message, Message.network_id.like("incident-%-official-%"))
    assert ours
    assert {message.conversation_id for message in ours} == {None}


def test_colleagues_answer_as_the_hour_goes_on(loaded, clock, folder):
    begin(loaded, clock, folder)
    for _ in range(6):
        clock.pass_by(minutes=20)
        poll(loaded, clock)
        catch_up(loaded, clock)
    told = [event for event in between(NOON, clock(), incidents(loaded)) if event.post and event.by]
    stored = {row.network_id: row.user_id for row in rows(loaded, Message, Message.sent >= NOON)}
    assert told
    assert {event.post.network_id for event in told} <= set(stored)
    assert all(stored[event.post.network_id] is not None for event in told)
    posts = {event.post.network_id for event in between(NOON, clock(), incidents(loaded)) if event.post}
    assert posts == set(stored)


def test_catching_up_twice_at_one_instant_changes_nothing(loaded, clock, folder):
    begin(loaded, clock, folder)
    clock.pass_by(minutes=30)
    poll(loaded, clock)
    catch_up(loaded, clock)
    before = business(loaded)
    catch_up(loaded, clock)
    assert business(loaded) == before


def test_what_happened_while_nobody_served_is_filled_in_at_the_next_start(loaded, clock, folder):
    begin(loaded, clock, folder)
    clock.pass_by(minutes=10)
    poll(loaded, clock)
    clock.pass_by(hours=3)
    load(loaded, clock, silent, HISTORY)
    expected = {event.post.network_id for event in between(NOON - HISTORY, clock(), incidents(loaded)) if event.post}
    assert {message.network_id for message in rows(loaded, Message)} == expected


def test_one_page_of_a_poll_leaves_no_second_event(loaded, clock):
    place = accounts(loaded)[0]
    facts = AccountFacts(place.workspace_id, place.id, place.channel)
    posts = tuple(event.post for event in between(NOON - HISTORY, NOON) if event.account == 0 and event.post)
    events, revisions = count(loaded, AuditEvent), [row.number for row in rows(loaded, Revision)]
    take(loaded, facts, Batch(posts, ""), NOON, clock)
    assert (count(loaded, AuditEvent), [row.number for row in rows(loaded, Revision)]) == (events, revisions)


def test_what_colleagues_answered_they_saw_and_claimed_before(loaded):
    turns = [turn for turn in rows(loaded, Turn) if turn.replied_by is not None]
    assert turns
    for turn in turns:
        assert turn.started <= turn.claimed <= turn.queued <= turn.replied
    seen = {turn.id: [] for turn in turns}
    for message in rows(loaded, Message):
        if message.turn_id in seen and message.direction == Direction.IN:
            seen[message.turn_id].append(message.seen)
    assert all(any(times) for times in seen.values())


def test_steps_are_put_on_the_record_once(loaded, clock):
    for place in accounts(loaded):
        facts = AccountFacts(place.workspace_id, place.id, place.channel)
        assert handle(loaded, facts, NOON - HISTORY, COMMAND, NOON) == 0


def test_two_replies_wait_for_somebody_one_for_approval_and_one_in_doubt(loaded, clock):
    for _ in range(2):
        begin_replies(loaded, clock())
    assert sorted(reply.state for reply in rows(loaded, Outgoing)) == ["draft", "needs a person"]


def test_a_newcomer_finds_a_hand_over_an_assignment_and_a_claim_that_lapsed(loaded, clock):
    for _ in range(2):
        begin_claims(loaded, clock())
    (offer,) = rows(loaded, HandOver)
    assert offer.state == "offered"
    assert [row.id for row in rows(loaded, Conversation) if row.team_id is not None and row.assigned_id is None]
    assert len([row for row in rows(loaded, Hold) if row.lapsed is not None]) <= 1
    assert all(turn.claimed >= turn.started for turn in rows(loaded, Turn) if turn.claimed is not None)


def test_our_own_posts_have_figures_once(loaded, clock):
    made = begin_engagement(loaded, clock())
    assert made > 0
    assert begin_engagement(loaded, clock()) == 0
    readings = rows(loaded, PostFigures)
    assert len(readings) == made
    assert all(reading.taken <= clock() and 0 <= reading.likes <= reading.impressions for reading in readings)


def test_without_anybody_who_waits_nothing_is_handed_over(loaded, clock):
    home = next(row.id for row in rows(loaded, Workspace) if row.slug == "northshire")
    with change(loaded, home, COMMAND, clock()) as c:
        ours = update(Conversation).where(Conversation.workspace_id == home)
        c.db.execute(ours.values(since=None, audit_id=c.audit_id))
        c.state("empty", "workspace", home)
    begin_claims(loaded, clock())
    assert count(loaded, HandOver) == 0


def test_without_anybody_who_waits_there_is_nothing_to_reply_to(loaded, clock):
    begin_replies(loaded, clock() - timedelta(days=999))
    assert count(loaded, Outgoing) == 0


def test_colleagues_gather_the_fire_once_a_dozen_have_written(loaded, clock, folder):
    begin(loaded, clock, folder)
    for _ in range(3):
        clock.pass_by(seconds=70)
        poll(loaded, clock)
        catch_up(loaded, clock)
    [fire] = rows(loaded, Incident)
    assert (fire.name, fire.reference, fire.veracity) == ("Canal Street fire", "482 of 19 November", "true")
    assert count(loaded, IncidentConversation) == 12
    assert count(loaded, Note) == 3
    assert count(loaded, Conversation, Conversation.raised.is_not(None)) == 3
    assert (count(loaded, Methane), count(loaded, ContactMerge)) == (1, 1)
    clock.pass_by(hours=1)
    begin(loaded, clock, folder)
    clock.pass_by(seconds=30)
    poll(loaded, clock)
    catch_up(loaded, clock)
    older, newer = rows(loaded, Incident)
    assert older.closed is not None
    assert newer.closed is None
