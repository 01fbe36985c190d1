"""Lockdown from its tab to the wall, and screens paired by a code."""

import re

from sqlalchemy import select

from data.queries.wallboard import wallboard
from layouts.boards.main import Ids, tiles
from models.lockdown import Lockdown
from models.pairings import CODE_LASTS
from models.workspace import Kiosk
from tests.rows import NOW, add_conversation, add_workspace
from tests.visits import Visitor

FIELDS = {"reason": "Election", "lasts": "60", "all": True}


def said_on_the_wall(database, north):
    return tiles(wallboard(database, north, NOW))[Ids.LOCKDOWN]


def test_a_lockdown_is_begun_at_once_shown_on_the_wall_and_ended_by_a_second_person(
    database, north, tom, employ, clock
):
    tom.tab = "lockdown"
    assert "Nothing is held back" in tom.look().body
    assert said_on_the_wall(database, north)["className"].endswith("is-empty")
    assert "none is on its way" in tom.press("lockdown.begin", fields=FIELDS).notice
    wall = said_on_the_wall(database, north)
    assert wall == {"children": "LOCKDOWN: no reply leaves on all accounts, until 15:30", "className": "wall-lockdown"}
    assert "A second person ends it" in tom.look().body
    with database.read() as db:
        key = db.scalars(select(Lockdown.id)).one()
    assert "takes a second person" in tom.press("lockdown.end", key).notice
    una = employ(north, "una")
    una.tab = "lockdown"
    assert "End the lockdown of all accounts" in una.look().body
    assert "Replies leave again" in una.press("lockdown.end", key).notice
    assert "by Una" in una.look().body
    assert said_on_the_wall(database, north)["className"].endswith("is-empty")


def test_chosen_accounts_are_held_back_and_another_workspaces_are_not_found(database, north, tom):
    tom.tab = "lockdown"
    add_conversation(database, north)
    south = add_workspace(database, "south")
    add_conversation(database, south)
    chosen = FIELDS | {"all": False}
    assert "choose at least one" in tom.press("lockdown.begin", fields=chosen).notice
    assert "There is no such thing" in tom.press("lockdown.begin", fields=chosen | {"account:2": True}).notice
    tom.press("lockdown.begin", fields=chosen | {"account:1": True})
    assert "1 account," in said_on_the_wall(database, north)["children"]


def test_a_screen_shows_a_code_and_then_its_board(server, database, north, tom, clock):
    tom.tab = "kiosks"
    screen = Visitor(server, "192.0.2.30")
    page = screen.get("/kiosk")
    code = re.search(r"([A-Z0-9]{4}-[A-Z0-9]{4})</p>", page.text)[1]
    assert code in screen.get("/kiosk").text
    fields = {"code": code.lower(), "name": "Wall left", "board": "hours", "theme": "light"}
    assert "no screen shows this one" in tom.press("kiosks.pair", fields=fields | {"code": "AAAA-AAAA"}).notice
    for wrong in ({"name": ""}, {"board": "x"}, {"theme": "pink"}):
        assert "give" in tom.press("kiosks.pair", fields=fields | wrong).notice
    assert "shows its board" in tom.press("kiosks.pair", fields=fields).notice
    assert screen.get("/kiosk").headers["Location"] == "/wallboard/hours?workspace=north"
    board = screen.get("/wallboard/hours?workspace=north")
    assert board.status_code == 200
    assert 'data-theme="light"' in board.text
    assert "no screen shows this one" in tom.press("kiosks.pair", fields=fields).notice
    assert "Wall left" in tom.look().body
    with database.read() as db:
        key = db.scalars(select(Kiosk.id)).one()
    assert "goes dark" in tom.press("kiosks.revoke", key).notice
    assert screen.get("/wallboard/hours?workspace=north").status_code == 302
    assert "revoked" in tom.look().body
    south = add_workspace(database, "south")
    assert south
    assert "There is no such thing" in tom.press("kiosks.revoke", 999).notice


def test_a_code_ends_and_screens_that_wait_fill_no_table(server, tom, clock, monkeypatch):
    from data import pairings

    monkeypatch.setattr(pairings, "MOST_WAITING", 2)
    screens = [Visitor(server, f"192.0.2.{number}") for number in (40, 41, 42)]
    assert [screen.get("/kiosk").status_code for screen in screens] == [200, 200, 429]
    code = re.search(r"([A-Z0-9]{4}-[A-Z0-9]{4})</p>", screens[0].get("/kiosk").text)[1]
    clock.on(CODE_LASTS)
    tom.again("tom")
    fields = {"code": code, "name": "Wall", "board": "main", "theme": "dark"}
    assert "no screen shows this one" in tom.press("kiosks.pair", fields=fields).notice
    assert code not in screens[0].get("/kiosk").text
    assert screens[2].get("/kiosk").status_code == 200
