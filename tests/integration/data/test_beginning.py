"""The first run: one link, one use, whoever is quicker."""

import threading

import pytest
from sqlalchemy import func, select

from data.beginning import complete_setup, may_set_up, setup_token
from data.signing import scope_for, session_of, sign_in
from data.throttle import Throttle
from models.people import User
from models.permissions import Permission
from models.problems import BadValue, SetUpAlready, WeakPassword
from models.workspace import Installation, Workspace
from tests.rows import NOW, PASSWORD, add_user, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def set_up(database, token, **changes):
    facts = {"sign_in": "pat", "name": "Pat", "password": PASSWORD, "workspace": "Northshire control room"}
    return complete_setup(database, token, at=NOW, **facts | changes)


def test_the_first_administrator_manages_the_installation_and_reads_no_messages(database):
    key = set_up(database, setup_token(database))
    session = session_of(database, sign_in(database, Throttle(), "pat", PASSWORD, "", NOW), NOW)
    assert (session.user_id, session.installation_administrator) == (key, True)
    scope = scope_for(database, session, None)
    assert scope.slug == "northshire-control-room"
    assert scope.may(Permission.ADMINISTER)
    assert not scope.may(Permission.READ)


def test_the_link_is_kept_as_a_hash(database):
    token = setup_token(database)
    with database.read() as db:
        assert token not in db.get_one(Installation, "setup").value


def test_there_is_no_link_once_there_is_a_user(database):
    token = setup_token(database)
    add_user(database, "ann")
    assert setup_token(database) is None
    assert not may_set_up(database, token)
    with pytest.raises(SetUpAlready):
        set_up(database, token)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"password": "short"}, WeakPassword),
        ({"sign_in": ""}, BadValue),
        ({"workspace": ""}, BadValue),
        ({"zone": "Mars/Base"}, BadValue),
    ],
)
def test_a_refusal_leaves_the_link_good_and_nothing_behind(database, wrong, problem):
    token = setup_token(database)
    with pytest.raises(problem):
        set_up(database, token, **wrong)
    assert may_set_up(database, token)
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(User)) == 0
        assert db.scalar(select(func.count()).select_from(Workspace)) == 0


def test_two_people_with_the_link_make_one_administrator(database):
    token, start, ended = setup_token(database), threading.Barrier(3), []

    def run(name):
        start.wait()
        try:
            ended.append(set_up(database, token, sign_in=name))
        except SetUpAlready:
            ended.append(None)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("pat", "sam", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended, key=str)[1:] == [None, None]
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(User)) == 1
        assert db.scalar(select(func.count()).select_from(Workspace)) == 1
