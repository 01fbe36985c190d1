"""Signing in and out, the set-up link and a kiosk's link, through the routes that people use."""

from datetime import timedelta

import pytest

from callbacks.house import KEY
from callbacks.signin import safe_next
from data.beginning import setup_token
from data.kiosks import create_kiosk, revoke_kiosk
from data.people import disable_user
from data.signing import IDLE, LONGEST
from data.throttle import BY_PAIR, WINDOW
from models.audit import COMMAND
from tests.rows import NOW, PASSWORD, add_member, add_user, mark_demonstration
from tests.visits import PAGE, Visitor

QUEUE = "/queue?workspace=north"


def is_in(visitor) -> bool:
    return visitor.get(QUEUE).status_code == 200


def test_a_person_signs_in_and_reaches_the_page_they_asked_for(server, database, north):
    add_member(database, north, "ann", "Operator")
    visitor = Visitor(server)
    asked = visitor.get("/queue?workspace=north&view=mine")
    assert asked.headers["Location"] == "/sign-in?next=%2Fqueue%3Fworkspace%3Dnorth%26view%3Dmine"
    assert visitor.sign_in("Ann ", next="/queue?workspace=north&view=mine").headers["Location"].endswith("view=mine")
    assert is_in(visitor)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "queue",
        "/queue\r\nSet-Cookie: x=1",
        "/a\\b",
        "//[",
        "http://[",
        "/queue\x00",
        "",
        None,
    ],
)
def test_signing_in_never_leads_to_another_site(elsewhere):
    assert safe_next(elsewhere) == "/"


def test_a_link_to_sign_in_with_half_an_address_shows_the_form(visitor):
    assert visitor.get("/sign-in?next=//[").status_code == 200


@pytest.mark.parametrize("name", ["ann\x00", "\x00", "a" * 200_000], ids=["nul at the end", "nul", "long"])
def test_a_name_that_nobody_can_have_is_a_wrong_name(server, database, north, name):
    add_member(database, north, "ann", "Operator")
    assert Visitor(server).sign_in(name).status_code == 401


def test_a_wrong_password_and_an_unknown_name_read_the_same(server, database, north):
    add_member(database, north, "ann", "Operator")
    wrong, unknown = (
        Visitor(server).sign_in("ann", "not the password"),
        Visitor(server).sign_in("zoe", "not the password"),
    )
    assert wrong.status_code == unknown.status_code == 401
    said = "That name and password do not go together. Check both and try again."
    assert said in wrong.text
    assert said in unknown.text


def test_a_cookie_kept_from_before_signing_out_is_nobody(ann):
    kept = ann.client.get_cookie("watchroom").value
    assert is_in(ann)
    assert ann.sign_out().status_code == 302
    assert not is_in(ann)
    ann.client.set_cookie("watchroom", kept)
    assert not is_in(ann)


def test_signing_in_leaves_nothing_of_the_session_before(server, database, north):
    add_member(database, north, "ann", "Operator")
    visitor = Visitor(server)
    before = visitor.form_token()
    visitor.sign_in("ann")
    refused = visitor.client.post("/sign-out", data={"csrf_token": before}, environ_base=visitor.address)
    assert refused.status_code == 400
    assert is_in(visitor)


def test_signing_in_and_out_on_a_busy_database_says_so_and_nobody_is_half_out(
    server, database, ann, while_others_write
):
    kept, form = ann.client.get_cookie("watchroom").value, ann.form_token()
    bob = Visitor(server)
    add_member(database, 1, "bob", "Operator")
    token = bob.form_token()
    with while_others_write():
        refused = bob.client.post("/sign-in", data={"csrf_token": token, "sign_in": "bob", "password": PASSWORD})
        stays = ann.client.post("/sign-out", data={"csrf_token": form}, headers=PAGE, environ_base=ann.address)
    assert (refused.status_code, stays.status_code) == (503, 503)
    for answer in (refused, stays):
        assert "The database is busy, so nothing was changed." in answer.text
    assert is_in(ann)
    assert ann.sign_out().status_code == 302
    ann.client.set_cookie("watchroom", kept)
    assert not is_in(ann)


def test_signing_out_asks_first(ann):
    assert ann.get("/sign-out").status_code == 200
    assert is_in(ann)


def test_a_disabled_user_is_out_at_once_and_stays_out(server, database, ann):
    who = server.extensions[KEY].database
    assert is_in(ann)
    disable_user(who, 1, NOW, COMMAND)
    assert not is_in(ann)
    assert Visitor(server).sign_in("ann").status_code == 401


def test_an_idle_session_ends(ann, clock):
    clock.on(IDLE - timedelta(minutes=1))
    assert is_in(ann)
    clock.on(IDLE - timedelta(minutes=1))
    assert is_in(ann)
    clock.on(IDLE + timedelta(seconds=1))
    assert not is_in(ann)


def test_no_session_outlives_a_long_shift(ann, clock):
    for _ in range(int(LONGEST / timedelta(minutes=30))):
        assert is_in(ann)
        clock.on(timedelta(minutes=30))
    clock.on(timedelta(seconds=1))
    assert not is_in(ann)


def test_the_cookie_of_one_browser_is_nobody_in_another(ann, server):
    thief = Visitor(server, address="198.51.100.7")
    thief.client.set_cookie("watchroom", ann.client.get_cookie("watchroom").value)
    assert not is_in(thief)
    assert is_in(ann)


def test_guessing_is_slowed_down_and_says_for_how_long(server, database, north, clock):
    add_member(database, north, "ann", "Operator")
    guesser = Visitor(server, address="198.51.100.7")
    for _ in range(BY_PAIR):
        assert guesser.sign_in("ann", "a wrong password").status_code == 401
    refused = guesser.sign_in("ann")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(int(WINDOW.total_seconds()))
    assert "Too many tries. Wait 15 min, then try again." in refused.text
    assert Visitor(server).sign_in("ann").status_code == 302
    clock.on(WINDOW)
    assert guesser.sign_in("ann").status_code == 302


def test_a_demonstration_user_is_refused_on_an_unmarked_database(server, database):
    add_user(database, "demo", demonstration=True)
    refused = Visitor(server).sign_in("demo")
    assert refused.status_code == 403
    assert "This name belongs to the demonstration" in refused.text
    mark_demonstration(database)
    assert Visitor(server).sign_in("demo").status_code == 302


SETUP = {"sign_in": "pat", "name": "Pat", "password": PASSWORD, "again": PASSWORD, "workspace": "Northshire room"}


def test_the_set_up_link_makes_the_first_administrator_once(server, database, visitor):
    link = f"/setup/{setup_token(database)}"
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, **SETUP).status_code == 302
    assert visitor.sign_in("pat").status_code == 302
    assert visitor.get("/").headers["Location"] == "/wallboard/main?workspace=northshire-room"
    again = Visitor(server)
    assert again.get(link).status_code == 410
    assert again.post(link, **SETUP | {"sign_in": "eve"}).status_code == 410
    assert setup_token(database) is None


def test_a_newer_set_up_link_puts_the_older_one_out_of_use(database, visitor):
    older, newer = setup_token(database), setup_token(database)
    assert visitor.get(f"/setup/{older}").status_code == 410
    assert visitor.get(f"/setup/{newer}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"again": "something else"}, "type the same password twice"),
        ({"sign_in": "  "}, "give one word"),
        ({"sign_in": "two words"}, "give one word"),
        ({"name": " "}, "give the name colleagues see"),
        ({"workspace": " "}, "give the name people read"),
    ],
)
def test_what_is_wrong_on_the_set_up_page_is_said_and_changes_nothing(database, visitor, wrong, said):
    link = f"/setup/{setup_token(database)}"
    refused = visitor.post(link, **SETUP | wrong)
    assert refused.status_code == 400
    assert said in refused.text
    assert visitor.post(link, **SETUP).status_code == 302


def test_a_kiosk_link_shows_its_board_and_nothing_else(database, north, visitor):
    token = create_kiosk(database, north, "Duty desk wall", "hours", NOW, COMMAND)
    opened = visitor.get(f"/kiosk/{token}")
    assert opened.headers["Location"] == "/wallboard/hours?workspace=north"
    cookie = next(line for line in opened.headers.getlist("Set-Cookie") if line.startswith("watchroom_kiosk="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.get("/wallboard/hours?workspace=north").status_code == 200
    assert visitor.get("/").headers["Location"] == "/wallboard/hours?workspace=north"
    for page in ("/queue", "/accounts", "/conversation/1"):
        assert visitor.get(f"{page}?workspace=north").status_code == 403


def test_a_revoked_kiosk_shows_nothing(database, north, visitor):
    token = create_kiosk(database, north, "Duty desk wall", "main", NOW, COMMAND)
    visitor.get(f"/kiosk/{token}")
    revoke_kiosk(database, north, 1, NOW, COMMAND)
    assert visitor.get("/wallboard/main?workspace=north").status_code == 302
    assert Visitor(visitor.client.application).get(f"/kiosk/{token}").status_code == 404
