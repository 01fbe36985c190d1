"""A contact is found, handed out and erased from a page; what stands in the way is said, and others see that they are gone."""

import io
import json
from datetime import timedelta

from openpyxl import load_workbook

from data.queries.conversation import thread
from data.roles import create_role
from data.scouring import asked_for, look
from data.verification import verify
from models.permissions import Permission
from tests.arrivals import Town, add_account, answers, asks, found, person
from tests.rows import NOW, add_user, scope_of

DANA = person("dana")


def town_of(database):
    """Dana, who was answered, and Eve, who waits: in the workspace of the page."""
    town = Town(database, add_account(database, 1, at=NOW - timedelta(days=90)))
    town.take(
        asks("d1", 0, "hello from dana", DANA), answers("d2", 5, "d1", None), asks("e1", 6, "help", person("eve"))
    )
    return town


def test_a_contact_is_found_handed_out_and_erased(database, north, rosa, clock):
    town_of(database)
    assert "look for appear here" in rosa.look().body
    assert rosa.press("contacts.find", fields={"q": "DANA"}).sides["way"]["search"].endswith("q=DANA")
    assert "@dana" in rosa.look("&q=DANA").body
    assert "Nobody here is called so" in rosa.look("&q=%25").body
    for hostile in ("%00", "%27%3B--", "9" * 18, "x" * 9_000, "%ED%A0%80"):
        assert rosa.look(f"&q={hostile}").status == 200
    held = rosa.look("&q=dana&contact=1").body
    assert "2 messages in 1 conversation" in held
    assert "Type @dana" in held

    pack = rosa.get("/privacy/pack/1.json?workspace=north")
    assert json.loads(pack.data)["messages"][0]["text"] == "hello from dana"
    assert pack.headers["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(rosa.get("/privacy/pack/1.xlsx?workspace=north").data))
    assert {"contacts", "messages", "turns"} <= set(book.sheetnames)
    assert "hello from dana" in {cell.value for row in book["messages"].iter_rows() for cell in row}

    fields = {"typed": "@dana", "reason": "request 14"}
    assert "not what this contact is called" in rosa.press("contacts.erase", 1, fields | {"typed": "@dan"}).notice
    assert "Reason: say why" in rosa.press("contacts.erase", 1, fields | {"reason": ""}).notice
    assert "Erased: 1 identity, 1 conversation, 2 messages" in rosa.press("contacts.erase", 1, fields).notice
    gone = rosa.look("&contact=1").body
    assert "This contact was erased" in gone
    assert "dana" not in gone
    shown = thread(database, scope_of(north, 1), 1, NOW)
    assert (shown.erased, shown.composer, shown.contact) == (True, None, "(erased)")
    look(database, clock)
    with database.read() as db:
        assert asked_for(db) == ""
    assert all(chain.bad is None for chain in verify(database))


def test_what_stands_in_the_way_is_said_and_nothing_is_erased(database, north, rosa):
    town_of(database)
    assert "waits for an answer" in rosa.look("&contact=2").body
    refused = rosa.press("contacts.erase", 2, {"typed": "@eve", "reason": "request 15"})
    assert "waits for an answer" in refused.notice
    assert "@eve" in rosa.look("&q=eve").body


def test_a_contact_of_another_workspace_is_not_found(database, north, rosa):
    other = found(database, "south")
    other.take(asks("s1", 0, "hello from afar", person("sam")))
    assert "@sam" not in rosa.look("&q=sam&contact=1").body
    assert rosa.get("/privacy/pack/1.json?workspace=north").status_code == 404
    assert "no such thing" in rosa.press("contacts.erase", 1, {"typed": "@sam", "reason": "r"}).notice


def test_a_password_given_a_while_ago_and_a_missing_right_are_not_enough(server, database, north, engage, clock):
    town_of(database)
    admin = add_user(database, "tom")
    scope = scope_of(north, admin, "Administrator")
    create_role(database, scope, "Reader of data", [Permission.VIEW_BOARD, Permission.PRIVACY], NOW)
    lee = engage("lee", "Reader of data")
    assert "Hand out" in lee.look("&contact=1").body
    assert "Erase" not in lee.look("&contact=1").body
    assert "right to erase" in lee.press("contacts.erase", 1, {"typed": "@dana", "reason": "r"}).notice
    clock.on(timedelta(minutes=16))
    assert "Give your password again" in lee.press("contacts.erase", 1, {"typed": "@dana", "reason": "r"}).notice
    asked = lee.get("/privacy/pack/1.json?workspace=north")
    assert asked.headers["Location"].startswith("/prove?next=")
