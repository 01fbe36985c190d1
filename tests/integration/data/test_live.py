"""The live feed: what a commit anywhere does to the screens that are open."""

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from data.audit import change, raise_revision
from data.clock import utc_now
from data.database import Database
from data.frames import DESK, Feed, Frame
from data.kiosks import create_kiosk
from data.live import Hub, HubFull
from data.standing import Standing
from models.audit import COMMAND, INSTALLATION, Revision
from models.people import Membership, Role, SignedIn, User
from models.permissions import Permission
from models.workspace import Heartbeat, Kiosk, Workspace

KEY = b"k" * 32
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PATIENCE = 10.0


class Figures:
    """Frame makers for tests: what they show is set by hand, and every frame made is counted."""

    def __init__(self, database):
        self.database = database
        self.tiles = {"waiting": {"children": "12"}, "inbound": {"children": "300"}}
        self.regions = {"queue": "a", "accounts": "a"}
        self.made = []
        self.fail = False
        self.hold = threading.Event()
        self.hold.set()

    def make(self, workspace_id):
        self.hold.wait(PATIENCE)
        self.made.append(workspace_id)
        if self.fail:
            raise RuntimeError("no figures")
        with self.database.read() as db:
            found = db.get_one(Revision, workspace_id)
        return Frame(found.number, utc_now(), dict(self.tiles), dict(self.regions), found.presence)


class Reader:
    """A screen: it reads events until it has those it waits for."""

    def __init__(self, place):
        self.place = place
        self.events = []

    def read(self, timeout=0.2):
        for block in self.place.next(timeout).decode().split("\n\n"):
            if block:
                fields = dict(line.split(": ", 1) for line in block.splitlines())
                self.events.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
        return self.events

    def until(self, wanted):
        """The first event that is as wanted; earlier ones are dropped."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and not self.place.over:
            for number, event in enumerate(self.read()):
                if wanted(*event[:2]):
                    del self.events[: number + 1]
                    return event
        raise AssertionError(f"not seen within {PATIENCE} s; last: {self.events[-3:]}")

    def news(self):
        return self.until(lambda name, _: name in {"tiles", "change"})

    def bye(self):
        return self.until(lambda name, _: name == "bye")[1]["reason"]


def make_workspace(database, slug):
    with change(database, INSTALLATION, COMMAND, AT) as c:
        workspace = Workspace(slug=slug, name=slug.title(), created=AT, audit_id=c.audit_id)
        c.db.add(workspace)
        c.db.flush()
        c.db.execute(insert(Revision).values(workspace_id=workspace.id, number=1))
        c.state("workspace made", "workspace", workspace.id)
    return workspace.id


@pytest.fixture
def database(database_url):
    opened = Database(database_url, KEY)
    yield opened
    opened.close()


@pytest.fixture
def figures(database):
    return Figures(database)


@pytest.fixture
def feed(database):
    return Feed(make_workspace(database, "north"), "north", "main")


@pytest.fixture
def hub(database, figures):
    running = make_hub(database, figures, tick_every=0.3)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def patient_hub(database, figures):
    """A hub that looks by itself only once: whatever comes after that, a commit brought."""
    running = make_hub(database, figures, tick_every=600)
    running.start()
    yield running
    running.stop()


def make_hub(database, figures, tick_every):
    frames = {"main": figures.make, DESK: figures.make}
    return Hub(database, utc_now, frames, screens=3, version="7", tick_every=tick_every)


def bump(database, workspace_id):
    with change(database, workspace_id, COMMAND, AT) as c:
        c.state("something done", "workspace", workspace_id)


def test_a_new_screen_gets_the_whole_state(hub, feed):
    name, data, number = Reader(hub.subscribe([feed])).news()
    assert (name, number) == ("tiles", "1")
    assert data["tiles"] == {"waiting": {"children": "12"}, "inbound": {"children": "300"}}
    assert data["regions"] == ["queue", "accounts"]
    assert (data["workspace"], data["audience"], data["revision"], data["first"]) == ("north", "main", 1, True)


def test_a_commit_here_reaches_the_screen_with_only_what_changed(patient_hub, feed, database, figures):
    reader = Reader(patient_hub.subscribe([feed]))
    reader.news()
    figures.tiles["waiting"] = {"children": "13"}
    figures.regions["queue"] = "b"
    bump(database, feed.workspace_id)
    _, data, number = reader.news()
    assert data["tiles"] == {"waiting": {"children": "13"}}
    assert data["regions"] == ["queue"]
    assert (number, data["first"]) == ("2", False)


COMMIT_ELSEWHERE = """
import sys
from data.audit import change
from data.clock import utc_now
from data.database import Database
from models.audit import COMMAND
database = Database(sys.argv[1], b"k" * 32)
sys.stdin.readline()
with change(database, int(sys.argv[2]), COMMAND, utc_now()) as c:
    c.state("something done", "workspace", int(sys.argv[2]))
print(flush=True)
sys.stdin.readline()
"""


def test_a_commit_in_another_process_is_seen_within_a_second(patient_hub, feed, database, figures):
    reader = Reader(patient_hub.subscribe([feed]))
    reader.news()
    other = subprocess.Popen(
        [sys.executable, "-c", COMMIT_ELSEWHERE, database.url, str(feed.workspace_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures.tiles["waiting"] = {"children": "15"}
    other.stdin.write("\n")
    other.stdin.flush()
    other.stdout.readline()
    committed = time.monotonic()
    reader.until(lambda name, data: name == "tiles" and data["tiles"].get("waiting") == {"children": "15"})
    seen = time.monotonic() - committed
    other.communicate("\n", timeout=PATIENCE)
    assert other.returncode == 0
    assert seen < 1


SEEN_ELSEWHERE = """
import sys
from data.clock import utc_now
from data.database import Database
from data.presence import _raise_presence
database = Database(sys.argv[1], b"k" * 32)
with database.write() as db:
    _raise_presence(db, int(sys.argv[2]))
"""


def test_who_looks_in_another_process_reaches_the_desk_within_a_second(patient_hub, feed, database, figures):
    desk = Reader(patient_hub.subscribe([Feed(feed.workspace_id, "north", DESK)]))
    desk.news()
    figures.regions["presence-7"] = "somebody"
    asked = [sys.executable, "-c", SEEN_ELSEWHERE, database.url, str(feed.workspace_id)]
    subprocess.run(asked, check=True, timeout=PATIENCE)
    raised = time.monotonic()
    _, data, _ = desk.until(lambda name, data: name == "change" and data["regions"] == ["presence-7"])
    assert time.monotonic() - raised < 1
    assert data["revision"] == 1


def test_a_lost_connection_to_postgres_is_made_again(patient_hub, feed, database, figures, database_kind):
    if database_kind != "postgres":
        pytest.skip("SQLite has no connection to lose")
    reader = Reader(patient_hub.subscribe([feed]))
    reader.news()
    with database.write() as db:
        ended = db.connection().exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
        )
        assert ended.rowcount == 1
    figures.tiles["waiting"] = {"children": "16"}
    with database.write() as db:
        raise_revision(db, feed.workspace_id)
    assert reader.news()[1]["tiles"] == {"waiting": {"children": "16"}}


def test_a_commit_that_changes_no_figure_sends_nothing(hub, feed, database, figures):
    reader = Reader(hub.subscribe([feed]))
    reader.until(lambda name, _: name == "state")
    bump(database, feed.workspace_id)
    name, data, _ = reader.until(lambda name, data: name in {"tiles", "state"} and data["revision"] == 2)
    assert name == "state"
    assert not [event for event in reader.events if event[0] == "tiles"]


def test_figures_that_move_with_time_alone_come_without_a_commit(hub, feed, figures):
    reader = Reader(hub.subscribe([feed]))
    reader.news()
    figures.tiles["inbound"] = {"children": "299"}
    assert reader.news()[1]["tiles"] == {"inbound": {"children": "299"}}


def test_a_slow_screen_skips_to_the_latest_and_misses_nothing(hub, feed, database, figures):
    quick, slow = Reader(hub.subscribe([feed])), Reader(hub.subscribe([feed]))
    quick.news(), slow.news()
    for number in range(5):
        figures.tiles["waiting"] = {"children": str(number)}
        if number == 0:
            figures.tiles["inbound"] = {"children": "301"}
            figures.regions["accounts"] = "b"
        bump(database, feed.workspace_id)
        wanted = {"children": str(number)}
        quick.until(lambda _, data, wanted=wanted: data.get("tiles", {}).get("waiting") == wanted)
    _, data, _ = slow.news()
    assert data["tiles"] == {"waiting": {"children": "4"}, "inbound": {"children": "301"}}
    assert data["regions"] == ["accounts"]
    assert not [event for event in slow.read(0) if event[0] == "tiles"]


def test_commits_faster_than_frames_give_the_newest_frame(patient_hub, feed, database, figures):
    reader = Reader(patient_hub.subscribe([feed]))
    reader.news()
    made = len(figures.made)
    figures.hold.clear()
    for number in range(20):
        figures.tiles["waiting"] = {"children": f"burst {number}"}
        bump(database, feed.workspace_id)
    figures.hold.set()
    _, data, _ = reader.until(lambda name, data: name == "tiles" and data["revision"] == 21)
    assert data["tiles"] == {"waiting": {"children": "burst 19"}}
    assert len(figures.made) - made < 20


def test_all_screens_of_a_feed_share_one_encoding(hub, feed):
    first, second = hub.subscribe([feed]), hub.subscribe([feed])
    Reader(first).until(lambda name, _: name == "state")
    line = hub._lines[feed]
    assert second in line.readers
    assert line.edition.since(0) is line.edition.since(0)


def test_a_frame_is_made_only_for_what_somebody_looks_at(hub, feed, database, figures):
    other = make_workspace(database, "south")
    place = hub.subscribe([feed])
    Reader(place).news()
    bump(database, other)
    bump(database, feed.workspace_id)
    Reader(place).until(lambda name, data: name == "state" and data["revision"] == 2)
    assert set(figures.made) == {feed.workspace_id}


SERVE_AFTER_A_FORK = """
import os
import sys
from data.clock import utc_now
from data.database import Database
from data.frames import Feed, Frame
from data.live import Hub
hub = Hub(Database(sys.argv[1], b"k" * 32), utc_now, {"main": lambda _: Frame(1, utc_now(), {"waiting": {}}, {})})
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
hub.start()
print(hub.subscribe([Feed(1, "north", "main")]).next(10).decode(), flush=True)
hub.stop()
os._exit(0)
"""


def test_a_hub_made_before_a_fork_runs_after_it(database_url):
    done = subprocess.run(
        [sys.executable, "-c", SERVE_AFTER_A_FORK, database_url],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nobody_looking_means_no_frames(hub, feed, database, figures):
    south = Feed(make_workspace(database, "south"), "south", "main")
    reader = Reader(hub.subscribe([south]))
    hub.subscribe([feed]).close()
    reader.news()
    figures.made.clear()
    bump(database, feed.workspace_id)
    bump(database, south.workspace_id)
    reader.until(lambda name, data: name == "state" and data["revision"] == 2)
    assert set(figures.made) == {south.workspace_id}


def test_one_place_hears_of_several_feeds(hub, feed, figures):
    reader = Reader(hub.subscribe([feed, Feed(feed.workspace_id, "north", DESK)]))
    events = {reader.news()[0], reader.news()[0]}
    assert events == {"tiles", "change"}


def test_the_desk_gets_no_tiles(hub, feed):
    _, data, _ = Reader(hub.subscribe([Feed(feed.workspace_id, "north", DESK)])).news()
    assert "tiles" not in data


def test_fingerprints_never_leave_the_house(hub, feed, figures):
    figures.regions["queue"] = "Ann Other asks"
    place = hub.subscribe([feed])
    sent = place.next(PATIENCE)
    while b"event: tiles" not in sent:
        sent += place.next(PATIENCE)
    assert b"Ann Other" not in sent


def test_beyond_the_places_a_screen_is_told_to_poll(hub, feed):
    places = [hub.subscribe([feed]) for _ in range(3)]
    with pytest.raises(HubFull):
        hub.subscribe([feed])
    places[0].close()
    hub.subscribe([feed])
    assert hub.open_screens == 3


def test_a_closed_connection_gives_its_place_back(hub, feed):
    place = hub.subscribe([feed], gone=lambda: True)
    give_up = time.monotonic() + PATIENCE
    while not place.over and time.monotonic() < give_up:
        place.next(0.2)
    assert place.over


def test_a_page_that_polls_takes_no_place(hub, feed):
    text = hub.latest(feed).decode()
    assert "event: tiles" in text
    assert "event: state" in text
    assert hub.open_screens == 0


def test_a_page_can_poll_where_no_hub_runs(database, figures, feed):
    idle = Hub(database, utc_now, {"main": figures.make})
    assert "event: tiles" in idle.latest(feed).decode()
    with pytest.raises(HubFull):
        idle.subscribe([feed])


def test_stopping_says_goodbye(hub, feed):
    reader = Reader(hub.subscribe([feed]))
    reader.news()
    hub.stop()
    assert reader.bye() == "stopping"
    with pytest.raises(HubFull):
        hub.subscribe([feed])


def test_a_frame_that_cannot_be_made_stops_nothing(hub, feed, database, figures):
    reader = Reader(hub.subscribe([feed]))
    known = reader.news()[1]["as_at"]
    reader.until(lambda name, _: name == "state")
    figures.fail = True
    reader.until(lambda name, _: name == "state")
    state = reader.until(lambda name, _: name == "state")[1]
    assert hub.alive(utc_now())
    assert known <= state["as_at"] < state["now"]
    figures.fail = False
    figures.tiles["waiting"] = {"children": "17"}
    bump(database, feed.workspace_id)
    assert reader.news()[1]["tiles"] == {"waiting": {"children": "17"}}


def test_the_state_tells_whether_posts_are_collected(hub, feed, database):
    reader = Reader(hub.subscribe([feed]))
    state = reader.until(lambda name, _: name == "state")[1]
    assert (state["poller"], state["poller_seen"], state["version"]) == ("dead", None, "7")
    with database.write() as db:
        db.add(Heartbeat(name="poller", holder="test", at=utc_now()))
    assert reader.until(lambda name, data: name == "state" and data["poller"] == "alive")
    old = utc_now() - timedelta(seconds=31)
    with database.write() as db:
        db.get_one(Heartbeat, "poller").at = old
    state = reader.until(lambda name, data: name == "state" and data["poller"] == "dead")[1]
    assert state["poller_seen"] == old.isoformat()


class People:
    """A user with one role in the workspace, signed in; and a kiosk."""

    def __init__(self, database, workspace_id):
        self.database = database
        self.workspace_id = workspace_id
        with change(database, INSTALLATION, COMMAND, AT) as c:
            user = User(sign_in="ann", name="Ann", password_hash="", created=AT, audit_id=c.audit_id)
            c.db.add(user)
            c.db.flush()
            self.user = user.id
            c.state("user made", "user", user.id)
        with change(database, workspace_id, COMMAND, AT) as c:
            role = Role(
                workspace_id=workspace_id, audit_id=c.audit_id, name="Viewer", permissions=[Permission.VIEW_BOARD]
            )
            kiosk = Kiosk(
                workspace_id=workspace_id, audit_id=c.audit_id, name="Wall", board="main", token_hash="h", created=AT
            )
            c.db.add_all([role, kiosk])
            c.db.flush()
            c.db.add(Membership(workspace_id=workspace_id, audit_id=c.audit_id, user_id=self.user, role_id=role.id))
            self.kiosk = kiosk.id
            c.state("role given", "user", self.user)
        with database.write() as db:
            session = SignedIn(user_id=self.user, token_hash="t", began=utc_now(), last_active=utc_now())
            db.add(session)
            db.flush()
            self.session = session.id

    def standing(self, permission=Permission.VIEW_BOARD):
        return Standing(session_id=self.session, needs=frozenset({(self.workspace_id, permission)}))

    def sign_out(self):
        with self.database.write() as db:
            db.get_one(SignedIn, self.session).ended = utc_now()

    def disable(self):
        with change(self.database, INSTALLATION, COMMAND, utc_now()) as c:
            c.db.get_one(User, self.user).disabled = True
            c.state("user disabled", "user", self.user)

    def take_role(self):
        with change(self.database, self.workspace_id, COMMAND, utc_now()) as c:
            c.db.delete(c.db.query(Membership).filter_by(user_id=self.user).one())
            c.state("role taken", "user", self.user)

    def revoke(self):
        with change(self.database, self.workspace_id, COMMAND, utc_now()) as c:
            c.db.get_one(Kiosk, self.kiosk).revoked = utc_now()
            c.state("kiosk revoked", "kiosk", self.kiosk)


@pytest.mark.parametrize(
    ("act", "reason"), [("sign_out", "signed-out"), ("disable", "signed-out"), ("take_role", "role")]
)
def test_a_stream_ends_when_its_session_or_role_does(hub, feed, database, act, reason):
    people = People(database, feed.workspace_id)
    before = people_row(database, people.session)
    reader = Reader(hub.subscribe([feed], people.standing()))
    reader.until(lambda name, _: name == "state")
    reader.until(lambda name, _: name == "state")
    assert people_row(database, people.session) == before, "an open stream never makes a session last longer"
    getattr(people, act)()
    assert reader.bye() == reason


def people_row(database, session_id):
    with database.read() as db:
        return db.get_one(SignedIn, session_id).last_active


def test_a_revoked_kiosk_ends_its_stream_and_no_other(hub, feed, database):
    people = People(database, feed.workspace_id)
    kiosk = Reader(hub.subscribe([feed], Standing(kiosk_id=people.kiosk)))
    person = Reader(hub.subscribe([feed], people.standing()))
    kiosk.news(), person.news()
    people.revoke()
    assert kiosk.bye() == "kiosk"
    assert person.until(lambda name, _: name == "state")
    assert not person.place.over


def test_a_permission_that_is_not_held_ends_the_stream(hub, feed, database):
    people = People(database, feed.workspace_id)
    assert Reader(hub.subscribe([feed], people.standing(Permission.READ))).bye() == "role"


def test_one_screens_link_cannot_take_every_place(hub, feed, database):
    for name in ("Duty desk", "Corridor"):
        create_kiosk(database, feed.workspace_id, name, "main", AT, COMMAND)
    greedy, modest = Standing(kiosk_id=1), Standing(kiosk_id=2)
    readers = [Reader(hub.subscribe([feed], greedy)) for _ in range(hub.screens)]
    with pytest.raises(HubFull):
        hub.subscribe([feed], greedy)
    assert Reader(hub.subscribe([feed], modest)).news()
    assert hub.open_screens == hub.screens
    [gone] = [reader for reader in readers if reader.place._end is not None]
    assert gone.bye() == "full"
    gone.place.close()
    for standing in (greedy, modest):
        with pytest.raises(HubFull):
            hub.subscribe([feed], standing)
