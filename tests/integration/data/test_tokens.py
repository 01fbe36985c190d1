"""Tokens of the API, where they are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.me import change_own_password
from data.people import change_password, disable_user, grant, withdraw
from data.throttle import Throttle
from data.tokens import A_MINUTE, MINUTE, PREFIX, Allowance, create_token, own_tokens, revoke_token, token_of
from models.audit import COMMAND
from models.permissions import Permission
from models.problems import NotFound, TooManyTries
from models.tokens import ApiToken
from tests.rows import NOW, PASSWORD, add_member, add_workspace, open_database, session

DAY = timedelta(days=1)


@pytest.fixture
def database(database_url):
    found = open_database(database_url)
    yield found
    found.close()


def test_a_token_reads_what_its_owner_may_now_in_its_own_workspace_and_no_longer(database):
    north, _ = add_workspace(database), add_workspace(database, "south")
    ann = add_member(database, north, "ann", "Supervisor")
    own = session(database, ann)
    token = create_token(database, own, "north", "Duty board", ["figures", "queue"], 30, NOW)
    assert token.startswith(PREFIX)
    facts = token_of(database, token, NOW)
    assert facts.scope(database, None).permissions == {Permission.REPORT, Permission.READ}
    assert facts.scope(database, "south") is None
    (shown,) = own_tokens(database, ann, NOW)
    assert (shown.name, shown.workspace, shown.reach, shown.last_used) == (
        "Duty board",
        "North",
        ("figures", "queue"),
        NOW,
    )
    with database.read() as db:
        assert token not in repr(db.execute(select(ApiToken.__table__)).all())
    withdraw(database, north, ann, "Supervisor", NOW, COMMAND)
    assert facts.scope(database, None) is None
    grant(database, north, ann, "Operator", NOW, COMMAND)
    assert facts.scope(database, "north").permissions == {Permission.READ}
    assert token_of(database, token, NOW + 30 * DAY) is None
    assert own_tokens(database, ann, NOW + 30 * DAY) == ()
    with pytest.raises(NotFound):
        create_token(database, own, "south", "Duty board", ["figures"], 30, NOW)
    disable_user(database, ann, NOW, COMMAND)
    assert token_of(database, token, NOW) is None


def test_only_its_owner_revokes_a_token_and_then_nobody_uses_it(database):
    north = add_workspace(database)
    ann, bob = (session(database, add_member(database, north, name, "Analyst")) for name in ("ann", "bob"))
    token = create_token(database, ann, "north", "Duty board", ["accounts"], 365, NOW)
    key = token_of(database, token, NOW).token_id
    with pytest.raises(NotFound):
        revoke_token(database, bob, key, NOW)
    assert token_of(database, token, NOW + MINUTE) is not None
    revoke_token(database, ann, key, NOW)
    assert token_of(database, token, NOW) is None
    with pytest.raises(NotFound):
        revoke_token(database, ann, key, NOW)


def test_a_token_waits_when_it_has_asked_too_often_and_others_do_not():
    allowance = Allowance()
    for _ in range(A_MINUTE):
        allowance.take(1, NOW)
    with pytest.raises(TooManyTries) as refused:
        allowance.take(1, NOW + MINUTE / 4)
    assert refused.value.wait == MINUTE * 3 / 4
    allowance.take(2, NOW)
    allowance.take(1, NOW + MINUTE)


def test_a_new_password_revokes_every_token_of_its_person_and_nobody_elses(database):
    north = add_workspace(database)
    ann, bob = (session(database, add_member(database, north, name, "Analyst")) for name in ("ann", "bob"))
    first, others = (create_token(database, one, "north", "Board", ["accounts"], 30, NOW) for one in (ann, bob))
    change_own_password(database, Throttle(), ann, PASSWORD, "quite another secret", NOW)
    assert token_of(database, first, NOW) is None
    second = create_token(database, ann, "north", "Board", ["accounts"], 30, NOW)
    assert token_of(database, second, NOW) is not None
    change_password(database, ann.user_id, "one more new secret", NOW, COMMAND)
    assert token_of(database, second, NOW) is None
    assert token_of(database, others, NOW) is not None
