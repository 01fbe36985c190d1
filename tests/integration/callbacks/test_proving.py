"""A file leaves only after a fresh sign-in, and whoever is asked for one gets the very file they wanted."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from callbacks.proving import back_from
from data.freshness import FRESH_FOR
from models.audit import AuditEvent
from tests.integration.callbacks.test_me import code_at, enrol
from tests.rows import PASSWORD, add_conversation, add_member
from tests.visits import Visitor

FILES = (
    "/reports/activity.csv?workspace=north&period=7d",
    "/reports/hours.xlsx?workspace=north",
    "/reports/rows/messages.csv?workspace=north&channel=x",
    "/reports/rows/messages.xlsx?workspace=north",
    "/audit/events.csv?workspace=north&action=sign+in",
    "/admin-configuration?workspace=north",
)


@pytest.fixture
def tom(server, database, north):
    """Somebody who may take every file: an administrator who is an auditor and a supervisor as well."""
    from models.audit import COMMAND
    from tests.rows import NOW, grant

    user_id = add_member(database, north, "tom", "Administrator")
    for role in ("Supervisor", "Auditor", "Analyst"):
        grant(database, north, user_id, role, NOW, COMMAND)
    add_conversation(database, north, text="a contact's own words")
    visitor = Visitor(server)
    visitor.sign_in("tom")
    return visitor


def exports(database):
    with database.read() as db:
        return db.scalar(select(func.count()).where(AuditEvent.action == "export"))


@pytest.mark.parametrize("wanted", FILES)
def test_a_file_waits_for_the_password_and_then_is_the_file_that_was_asked_for(tom, database, clock, wanted):
    assert tom.get(wanted).status_code == 200
    before = exports(database)
    clock.on(FRESH_FOR + timedelta(seconds=1))
    asked = tom.get(wanted)
    assert asked.status_code == 303
    form = tom.get(asked.headers["Location"])
    assert f'name="next" value="{wanted}"' in unescape(form.text)
    assert tom.get(wanted, Accept="application/json").status_code == 403
    assert exports(database) == before
    wrong = tom.post("/prove", next=wanted, password="wrong")
    assert (wrong.status_code, wanted in unescape(wrong.text)) == (401, True)
    right = tom.post("/prove", next=wanted, password=PASSWORD)
    assert parse_qs(urlsplit(right.headers["Location"]).query)["next"] == [wanted]
    page = tom.get(right.headers["Location"])
    assert f"0; url={wanted}" in unescape(page.text)
    assert "attachment" in tom.get(wanted).headers["Content-Disposition"]
    assert tom.get(back_from(wanted)).status_code == 200
    assert exports(database) == before + 1


def test_whoever_has_a_second_factor_shows_it_again_too_and_a_password_alone_opens_nothing(tom, database, clock):
    secret, codes = enrol(tom, clock)
    clock.on(FRESH_FOR + timedelta(seconds=31))
    wanted = FILES[0]
    assert 'name="code"' in tom.get("/prove").text
    for code in ("", "000000"):
        assert tom.post("/prove", next=wanted, password=PASSWORD, code=code).status_code == 401
        assert tom.get(wanted).status_code == 303
    tom.post("/me/codes", password="not it")
    assert tom.post("/me/codes", password=PASSWORD).status_code == 200, "one's own page asks for less"
    assert tom.get(wanted).status_code == 303, "and opens no export by it"
    assert tom.post("/prove", next=wanted, password="wrong", code=code_at(secret, clock)).status_code == 401
    assert tom.post("/prove", next=wanted, password=PASSWORD, code=code_at(secret, clock)).status_code == 303
    assert tom.get(wanted).status_code == 200
    clock.on(FRESH_FOR + timedelta(seconds=1))
    again = tom.post("/prove", next=wanted, password=PASSWORD, code=code_at(secret, clock, -FRESH_FOR.seconds))
    assert again.status_code == 401, "a code of before"
    assert tom.post("/prove", next=wanted, password=PASSWORD, code=codes[0]).status_code == 401, "renewed since"


def test_nobody_is_asked_to_sign_in_and_never_led_elsewhere(visitor, tom, clock):
    assert visitor.get("/prove?next=/audit").status_code == 401
    clock.on(FRESH_FOR + timedelta(seconds=1))
    assert "evil.example" not in tom.get("/prove?next=//evil.example/").text
    assert tom.post("/prove", next="//evil.example/", password=PASSWORD).headers["Location"] == "/prove?next=%2F"


def test_a_file_that_is_not_permitted_asks_for_no_password(ann, clock):
    clock.on(FRESH_FOR + timedelta(seconds=1))
    assert ann.get(FILES[0]).status_code == 403
