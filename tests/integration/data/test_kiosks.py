"""Kiosks: a link seen once, one right, gone when revoked."""

import pytest
from sqlalchemy import select

from data.kiosks import check_kiosk, create_kiosk, revoke_kiosk
from layouts.pages import BOARDS
from models.audit import COMMAND
from models.permissions import Permission
from models.problems import BadValue, NotFound
from models.workspace import Kiosk
from tests.rows import NOW, add_workspace, open_database


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def north(database):
    return add_workspace(database)


@pytest.mark.parametrize("board", [name for name, _ in BOARDS])
def test_a_kiosk_may_see_its_board_and_nothing_else(database, north, board):
    kiosk = check_kiosk(database, create_kiosk(database, north, "Duty desk", board, NOW, COMMAND))
    assert (kiosk.slug, kiosk.board) == ("north", board)
    scope = kiosk.scope()
    assert scope.permissions == {Permission.VIEW_BOARD}
    assert (scope.workspace_id, scope.user_id, scope.kiosk_id) == (north, None, kiosk.kiosk_id)


def test_the_database_never_holds_a_kiosks_token(database, north):
    token = create_kiosk(database, north, "Duty desk", "main", NOW, COMMAND)
    with database.read() as db:
        assert token not in db.scalar(select(Kiosk.token_hash))


def test_a_revoked_kiosk_is_none(database, north):
    token = create_kiosk(database, north, "Duty desk", "main", NOW, COMMAND)
    revoke_kiosk(database, north, check_kiosk(database, token).kiosk_id, NOW, COMMAND)
    assert check_kiosk(database, token) is None
    assert check_kiosk(database, "no such token") is None


def test_a_kiosk_is_not_found_from_another_workspace(database, north):
    kiosk = check_kiosk(database, create_kiosk(database, north, "Duty desk", "main", NOW, COMMAND))
    with pytest.raises(NotFound):
        revoke_kiosk(database, add_workspace(database, "south"), kiosk.kiosk_id, NOW, COMMAND)
    with pytest.raises(NotFound):
        revoke_kiosk(database, north, 999, NOW, COMMAND)


@pytest.mark.parametrize(("name", "board"), [("", "main"), ("Duty desk", "secret"), ("Duty desk", "")])
def test_a_kiosk_needs_a_name_and_a_board_that_exists(database, north, name, board):
    with pytest.raises(BadValue):
        create_kiosk(database, north, name, board, NOW, COMMAND)
