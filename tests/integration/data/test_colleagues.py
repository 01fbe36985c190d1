"""What becomes of somebody's work when an administrator shows them out, and who may do that."""

import pytest
from sqlalchemy import select

from data.colleagues import disable, set_installation, set_roles
from data.desk import claim
from data.lapsing import lapse_due
from models.conversation import Conversation
from models.permissions import INSTALLATION_PERMISSIONS, Scope
from models.problems import BadValue
from tests.rows import NOW, add_conversation, add_member, add_user, add_workspace, open_database, scope_of


@pytest.fixture
def database(database_url):
    database = open_database(database_url)
    yield database
    database.close()


def boss_of(home, user_id):
    return Scope(home, "north", INSTALLATION_PERMISSIONS, user_id, "Gwen", installation=True)


def holders(database):
    with database.read() as db:
        return db.scalars(select(Conversation.holder_id).order_by(Conversation.id)).all()


def test_what_somebody_disabled_holds_lapses_in_every_workspace(database):
    north, south = add_workspace(database, "north"), add_workspace(database, "south")
    ann = add_member(database, north, "ann", "Operator")
    boss = add_user(database, "gwen", installation_administrator=True)
    for home in (north, north, south):
        claim(database, scope_of(home, ann), add_conversation(database, home), NOW)
    assert holders(database) == [ann] * 3
    disable(database, boss_of(north, boss), ann, NOW)
    lapse_due(database, NOW)
    assert holders(database) == [None] * 3


def test_what_somebody_holds_lapses_with_the_role_that_let_them(database):
    north = add_workspace(database, "north")
    ann = add_member(database, north, "ann", "Operator")
    boss = add_user(database, "gwen", installation_administrator=True)
    claim(database, scope_of(north, ann), add_conversation(database, north), NOW)
    set_roles(database, boss_of(north, boss), ann, [], NOW)
    lapse_due(database, NOW)
    assert holders(database) == [None]


def test_there_is_always_an_installation_administrator(database):
    north = add_workspace(database, "north")
    gwen, huw = (add_user(database, name, installation_administrator=True) for name in ("gwen", "huw"))
    disable(database, boss_of(north, gwen), huw, NOW)
    with pytest.raises(BadValue, match="last installation administrator"):
        set_installation(database, boss_of(north, huw), gwen, False, NOW)
