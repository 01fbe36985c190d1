"""One's own page: look, password, sessions, second factor."""

import re
from datetime import timedelta

import pyotp
import pytest

from app import create_app
from callbacks.house import KEY
from callbacks.me import qr_of
from tests.integration.callbacks.test_routing import drawn
from tests.rows import PASSWORD, add_member, add_user, mark_demonstration
from tests.visits import Visitor


def enrol(visitor, clock):
    """Set up a second factor; its secret and the recovery codes."""
    assert visitor.post("/me/factor/begin", password=PASSWORD).status_code == 302
    secret = re.search(r'class="secret">(\w+)<', visitor.get("/me").text)[1]
    page = visitor.post("/me/factor/confirm", code=code_at(secret, clock))
    assert page.status_code == 200, page.text
    return secret, re.findall(r"<code>([A-Z2-7-]{19})</code>", page.text)


def code_at(secret, clock, later=0):
    return pyotp.TOTP(secret).at(int(clock.now.timestamp()) + later)


def test_the_theme_and_single_keys_are_ones_own(ann):
    assert ann.post("/me/look", theme="light").status_code == 302
    assert 'data-theme="light"' in ann.get("/queue?workspace=north").text
    assert 'name="single_keys" type="checkbox" value="on">' in ann.get("/me").text
    ann.post("/me/look", theme="light", single_keys="on")
    assert "checked" in ann.get("/me?said=look").text
    assert ann.post("/me/look", theme="pink").status_code == 400


def test_a_new_password_signs_every_other_browser_out(server, ann):
    second = Visitor(server, "192.0.2.7")
    second.sign_in("ann")
    for fields, status in (
        ({"old": "wrong", "new": "three random words", "again": "three random words"}, 401),
        ({"old": PASSWORD, "new": "three random words", "again": "other random words"}, 400),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 400),
        ({"old": PASSWORD, "new": "Password123456!", "again": "Password123456!"}, 400),
    ):
        assert ann.post("/me/password", **fields).status_code == status
    assert second.get("/me").status_code == 200
    new = "three random words"
    assert ann.post("/me/password", old=PASSWORD, new=new, again=new).status_code == 302
    assert ann.get("/queue?workspace=north").status_code == 200
    assert second.get("/me").status_code == 401
    assert second.sign_in("ann").status_code == 401
    assert second.sign_in("ann", new).status_code == 302


def test_one_or_all_other_sessions_are_ended(server, database, north, ann):
    others = [Visitor(server, f"192.0.2.{number}") for number in (5, 6)]
    for other in others:
        other.sign_in("ann")
    numbers = re.findall(r"/me/sessions/(\d+)", ann.get("/me").text)
    assert len(numbers) == 2
    ann.post(f"/me/sessions/{max(numbers, key=int)}")
    assert [other.get("/me").status_code for other in others] == [200, 401]
    add_member(database, north, "bob", "Operator")
    bob = Visitor(server)
    bob.sign_in("bob")
    assert bob.post(f"/me/sessions/{min(numbers, key=int)}").status_code == 404
    ann.post("/me/sessions")
    assert others[0].get("/me").status_code == 401
    assert ann.get("/me").status_code == 200


def test_a_second_factor_is_asked_for_after_the_password(server, ann, clock):
    secret, _ = enrol(ann, clock)
    visitor = Visitor(server, "192.0.2.8")
    clock.on(timedelta(seconds=30))
    assert visitor.sign_in("ann", next="/queue").headers["Location"] == "/sign-in/code?next=%2Fqueue"
    assert visitor.get("/queue").headers["Location"].startswith("/sign-in")
    assert visitor.post("/sign-in/code", code="000000").status_code == 401
    assert visitor.post("/sign-in/code", code=code_at(secret, clock), next="/queue").headers["Location"] == "/queue"
    assert visitor.get("/queue?workspace=north").status_code == 200


def test_a_code_works_once_and_not_for_long(server, ann, clock):
    secret, _ = enrol(ann, clock)
    used = code_at(secret, clock)
    visitor = Visitor(server, "192.0.2.8")
    visitor.sign_in("ann")
    assert visitor.post("/sign-in/code", code=used).status_code == 401
    clock.on(timedelta(minutes=2))
    assert visitor.post("/sign-in/code", code=used).status_code == 401
    clock.on(timedelta(minutes=4))
    assert visitor.post("/sign-in/code", code=code_at(secret, clock)).headers["Location"] == "/sign-in"
    assert visitor.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_guessing_codes_is_slowed_down(server, ann, clock):
    secret, _ = enrol(ann, clock)
    visitor = Visitor(server, "192.0.2.8")
    visitor.sign_in("ann")
    tries = [visitor.post("/sign-in/code", code="000000").status_code for _ in range(7)]
    assert tries == [401] * 5 + [429] * 2
    assert visitor.post("/sign-in/code", code=code_at(secret, clock)).status_code == 429


def test_a_recovery_code_stands_in_once_and_new_ones_end_the_old(server, ann, clock):
    _, codes = enrol(ann, clock)
    assert len(set(codes)) == 10
    for again, status in ((False, 302), (True, 401)):
        visitor = Visitor(server, f"192.0.2.{20 + again}")
        visitor.sign_in("ann")
        assert visitor.post("/sign-in/code", code=codes[0].lower()).status_code == status
    assert "9 recovery codes are left" in ann.get("/me").text
    assert ann.post("/me/codes", password="wrong").status_code == 401
    assert ann.post("/me/codes", password=PASSWORD).status_code == 200
    visitor.sign_in("ann")
    assert visitor.post("/sign-in/code", code=codes[1]).status_code == 401


def test_a_changed_password_ends_the_half_way_in(server, ann, clock):
    secret, _ = enrol(ann, clock)
    visitor = Visitor(server, "192.0.2.8")
    visitor.sign_in("ann")
    new = "three random words"
    ann.post("/me/password", old=PASSWORD, new=new, again=new)
    clock.on(timedelta(seconds=30))
    assert visitor.post("/sign-in/code", code=code_at(secret, clock)).status_code == 401


def test_a_factor_is_begun_and_removed_with_the_password_only(ann, clock):
    assert ann.post("/me/factor/begin", password="wrong").status_code == 401
    assert ann.post("/me/factor/confirm", code="123456").status_code == 401
    assert ann.post("/me/codes", password=PASSWORD).status_code == 404
    enrol(ann, clock)
    assert ann.post("/me/factor/begin", password=PASSWORD).status_code == 401
    assert ann.post("/me/factor/remove", password="wrong").status_code == 401
    assert ann.post("/me/factor/remove", password=PASSWORD).status_code == 302
    assert ann.post("/me/factor/remove", password=PASSWORD).status_code == 404
    ann.sign_out()
    assert ann.sign_in("ann").headers["Location"] == "/"


def test_the_qr_code_is_strokes_and_nothing_else():
    assert re.fullmatch(r"(M\d+ \d+\.5h1)+", qr_of("otpauth://totp/<script>").path)


@pytest.fixture
def strict(settings, clock):
    server = create_app(settings.model_copy(update={"second_factor_grace": 0}), clock)
    yield server
    server.extensions[KEY].database.close()


def test_where_the_installation_asks_administrators_have_a_second_factor_first(strict, database, north, clock):
    add_member(database, north, "tom", "Administrator")
    add_member(database, north, "bob", "Operator")
    add_user(database, "gwen", installation_administrator=True)
    bob, tom, gwen = (Visitor(strict) for _ in range(3))
    for visitor, name in ((bob, "bob"), (tom, "tom"), (gwen, "gwen")):
        visitor.sign_in(name)
    assert bob.get("/queue?workspace=north").status_code == 200
    for owing in (tom, gwen):
        assert owing.get("/admin/users?workspace=north").headers["Location"] == "/me"
        assert owing.get("/events?workspace=north&desk=1&once=1").status_code == 403
        assert "Set up a second factor first" in owing.get("/me").text
    enrol(tom, clock)
    assert tom.get("/admin/users?workspace=north").status_code == 200


def test_a_new_administrator_has_a_week_and_is_told_by_when(server, database, north, clock):
    add_member(database, north, "tom", "Administrator")
    add_user(database, "demo", installation_administrator=True, demonstration=True)
    mark_demonstration(database)
    tom, demo = Visitor(server), Visitor(server, "192.0.2.9")
    for visitor, name in ((tom, "tom"), (demo, "demo")):
        visitor.sign_in(name)
        assert visitor.get("/admin/users?workspace=north").status_code == 200
    assert "Set up a second factor by 30 Nov" in tom.get("/me").text
    assert "Set up a second factor by 30 Nov" in drawn(tom, "/admin/users")
    clock.on(timedelta(days=7))
    for visitor, name in ((tom, "tom"), (demo, "demo")):
        visitor.sign_in(name)
    assert tom.get("/admin/users?workspace=north").headers["Location"] == "/me"
    assert demo.get("/admin/users?workspace=north").status_code == 200
    assert "Set up a second factor" not in drawn(demo, "/admin/users")
