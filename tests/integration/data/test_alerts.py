"""Alerts out: none is lost by a mail server that is down, none says a word of a message, and the night is quiet."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import alerts
from data.alarming import meet
from data.alarms import raise_alarm, set_ways
from data.alerts import add_destination, remove_destination, tell_next
from data.audit import change
from data.credentials import CredentialsBox
from models.alarms import AlarmKind, Cause
from models.alerts import AlertOut
from models.audit import COMMAND
from models.problems import BadValue, NotFound
from tests.alarms import KNIFE, Alarmed
from tests.rows import add_workspace, open_database

BOX = CredentialsBox("c" * 32)
SITE = "https://wr.example"


class Mail:
    """A mail server that is down while it says so, and keeps what it took."""

    def __init__(self):
        self.down, self.took, self.tried = False, [], 0

    def __call__(self, address, title, body):
        self.tried += 1
        if self.down:
            raise OSError("connection refused")
        self.took.append((address, title, body))


@pytest.fixture
def mail():
    return Mail()


@pytest.fixture
def room(database_url):
    opened = open_database(database_url)
    yield Alarmed(opened)
    opened.close()


def to(room, name="duty mail", **who):
    return add_destination(
        room.database, BOX, room.id, name, "mailtos", f"mailtos://{name}", room.now, COMMAND, **who
    )  # fmt: skip


def tell_all(room, mail, **how_long):
    room.after(**how_long)
    while tell_next(room.database, BOX, SITE, mail, room.now):
        pass


def raised(room, key, rank=1, **facts):
    with change(room.database, room.id, COMMAND, room.now) as c:
        found = raise_alarm(c, Cause(AlarmKind.RULE, key, room.now, rank=rank, **facts))
        c.state("rule", "alarm", found)
    return found


def test_a_mail_server_that_is_down_loses_none_and_nothing_is_told_twice(room, mail):
    to(room)
    mail.down = True
    room.post([KNIFE] * 20)
    for _ in range(12):
        tell_all(room, mail, minutes=2)
    assert mail.took == []
    assert mail.tried > 20
    mail.down = False
    tell_all(room, mail, minutes=10)
    tell_all(room, mail, minutes=10)
    assert len(mail.took) == 20
    assert {title for _, title, _ in mail.took} == {"Watchroom: risk"}
    assert all(
        "knife" not in body and "c1" not in body and f"{SITE}/alarms?workspace=north" in body for *_, body in mail.took
    )
    with room.database.read() as db:
        assert set(db.scalars(select(AlertOut.state))) == {"sent"}


def test_giving_up_would_be_seen(room, mail, monkeypatch):
    """The planted fault: what failed is not tried again for a year."""
    monkeypatch.setattr(alerts, "pause_after", lambda _tries: timedelta(days=365))
    to(room)
    mail.down = True
    raised(room, "k")
    tell_all(room, mail)
    mail.down = False
    tell_all(room, mail, minutes=30)
    assert mail.took == []


def test_a_sender_that_dies_in_between_loses_none(room, mail):
    to(room)
    raised(room, "k")

    def dies(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell_next(room.database, BOX, SITE, dies, room.now)
    tell_all(room, mail, minutes=1)
    assert mail.took == [], "another one may still be at it"
    tell_all(room, mail, minutes=1)
    assert len(mail.took) == 1


def test_each_is_told_of_what_calls_them_and_nobody_of_what_is_in_hand(room, mail):
    ann, boss = room.hire("ann"), room.hire("boss", "Supervisor")
    fire, other = room.team("Fire", ann), room.team("Other")
    set_ways(room.database, room.id, {"duty_team_id": other}, room.now, COMMAND)
    to(room, "ann", user_id=ann.user_id)
    to(room, "boss", user_id=boss.user_id, from_step=1)
    to(room, "other", team_id=other)
    raised(room, "k", team_id=fire)
    tell_all(room, mail)
    assert [address for address, *_ in mail.took] == ["mailtos://ann"]
    for minutes, known in ((5, ["ann", "boss"]), (10, ["ann", "boss", "other"])):
        mail.took.clear()
        meet(room.database, room.after(minutes=minutes))
        tell_all(room, mail)
        assert sorted(address.removeprefix("mailtos://") for address, *_ in mail.took) == known
    mail.took.clear()
    key = raised(room, "l", team_id=fire)
    room.acknowledge(ann, key)
    tell_all(room, mail)
    assert mail.took == []


def test_the_night_is_quiet_but_for_the_top_grade(room, mail):
    """Quiet from 14:00 to 15:15 local; it is 14:30."""
    set_ways(room.database, room.id, {"quiet_from": 14 * 60, "quiet_until": 15 * 60 + 15}, room.now, COMMAND)
    to(room)
    raised(room, "low", rank=3)
    raised(room, "top", rank=1)
    tell_all(room, mail, minutes=44, seconds=59)
    assert len(mail.took) == 1
    tell_all(room, mail, seconds=1)
    assert len(mail.took) == 2


def test_destinations_are_of_one_workspace_and_their_addresses_are_sealed(room, mail):
    key = to(room)
    south = add_workspace(room.database, "south")
    with pytest.raises(NotFound):
        remove_destination(room.database, south, key, room.now, COMMAND)
    with pytest.raises(NotFound):
        add_destination(
            room.database, BOX, south, "x", "json", "json://x", room.now, COMMAND, team_id=room.team("Fire")
        )  # fmt: skip
    for wrong in ({"name": "duty mail"}, {"name": "y", "user_id": 1, "team_id": 1}):
        with pytest.raises(BadValue):
            to(room, **wrong)
    raised(room, "k")
    remove_destination(room.database, room.id, key, room.now, COMMAND)
    tell_all(room, mail)
    assert mail.took == []
    to(room)
    with room.database.read() as db:
        sealed = db.scalars(select(alerts.Destination.address)).all()
    assert all("mailtos" not in one for one in sealed)
