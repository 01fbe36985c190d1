"""Security keys: added, shown in place of a code, removed; replays, other sites and other people's keys are refused."""

from datetime import timedelta

import pytest

from data.security_keys import ANSWERED_WITHIN, LONGEST_ANSWER, MOST_KEYS, site_of
from tests.authenticator import SoftKey
from tests.integration.callbacks.test_me import enrol
from tests.rows import PASSWORD, add_member
from tests.visits import Visitor


@pytest.fixture
def origin(settings):
    return site_of(settings.address).origin


def question(visitor, **fields):
    return visitor.post("/me/keys/question", **{"password": PASSWORD, **fields})


def add(visitor, key, origin, name="Blue key"):
    asked = question(visitor)
    assert asked.status_code == 200, asked.text
    return visitor.post("/me/keys", name=name, answer=key.make(asked.json, origin))


@pytest.fixture
def key(ann, clock, origin):
    """A key of Ann's."""
    enrol(ann, clock)
    made = SoftKey()
    assert add(ann, made, origin).status_code == 302
    return made


def half(server, name="ann", address="192.0.2.40"):
    visitor = Visitor(server, address)
    assert visitor.sign_in(name).headers["Location"].startswith("/sign-in/code")
    return visitor


def asked(visitor):
    return visitor.post("/sign-in/code/question").json


def show(visitor, answer):
    return visitor.post("/sign-in/key", answer=answer, next="/queue?workspace=north")


def is_in(visitor):
    return visitor.get("/queue?workspace=north").status_code == 200


def test_a_key_stands_in_for_the_code_and_is_removed_with_the_password(server, ann, key, origin):
    assert "Blue key" in ann.get("/me").text
    visitor = half(server)
    assert "Use a security key" in visitor.get("/sign-in/code").text
    shown = show(visitor, key.show(asked(visitor), origin))
    assert (shown.status_code, shown.headers["Location"]) == (302, "/queue?workspace=north")
    assert is_in(visitor)
    assert "last used" in ann.get("/me").text
    assert ann.post("/me/keys/1", password="wrong").status_code == 401
    assert ann.post("/me/keys/1", password=PASSWORD).status_code == 302
    assert "Blue key" not in ann.get("/me").text
    later = half(server, address="192.0.2.41")
    assert "Use a security key" not in later.get("/sign-in/code").text
    assert later.post("/sign-in/code/question").status_code == 404


def test_an_answer_works_once_and_only_to_its_own_question(server, clock, key, origin):
    visitor = half(server)
    first = asked(visitor)
    answer = key.show(first, origin)
    other = half(server, address="192.0.2.42")
    asked(other)
    assert show(visitor, answer).status_code == 401, "a newer question was asked since"
    assert show(other, key.show(first, origin)).status_code == 401, "and that one is gone with the try"
    visitor = half(server, address="192.0.2.43")
    good = key.show(asked(visitor), origin)
    assert show(visitor, good).status_code == 302
    replay = half(server, address="192.0.2.44")
    assert show(replay, good).status_code == 401
    asked(replay)
    assert show(replay, good).status_code == 401
    slow = half(server, address="192.0.2.45")
    answer = key.show(asked(slow), origin)
    clock.on(ANSWERED_WITHIN + timedelta(seconds=1))
    assert show(slow, answer).status_code in (302, 401)
    assert not is_in(slow)


@pytest.mark.parametrize("wrong", ["origin", "host", "unverified", "copied", "forged", "huge", "empty", "another's"])
def test_what_is_not_the_key_at_our_address_is_refused(server, database, north, clock, key, origin, wrong):
    visitor = half(server)
    given = asked(visitor)
    if wrong == "copied":
        assert show(visitor, key.show(given, origin)).status_code == 302
        visitor, key.count = half(server, address="192.0.2.46"), 0
        given = asked(visitor)
    if wrong == "another's":
        add_member(database, north, "bob", "Operator")
        bob = Visitor(server, "192.0.2.47")
        bob.sign_in("bob")
        enrol(bob, clock)
        assert add(bob, SoftKey(), origin).status_code == 302
        visitor = half(server, "bob", "192.0.2.48")
        given = asked(visitor)
    forger = SoftKey()
    forger.id = key.id
    key.host = "evil.example" if wrong == "host" else key.host
    answer = {
        "origin": lambda: key.show(given, "https://evil.example"),
        "unverified": lambda: key.show(given, origin, verified=False),
        "forged": lambda: forger.show(given, origin),
        "huge": lambda: "x" * (LONGEST_ANSWER + 1),
        "empty": lambda: "",
    }.get(wrong, lambda: key.show(given, origin))()
    refused = show(visitor, answer)
    assert refused.status_code == 401
    assert "did not answer as it should" in refused.text
    assert not is_in(visitor)


def test_a_key_is_added_only_after_the_password_with_a_factor_and_at_our_address(server, ann, clock, origin):
    assert question(ann).status_code == 404, "first the app, whose recovery codes are the way back"
    enrol(ann, clock)
    assert question(ann, password="wrong").status_code == 401
    key = SoftKey()
    given = question(ann).json
    assert ann.post("/me/keys", name="A", answer=key.make(given, "https://evil.example")).status_code == 401
    assert ann.post("/me/keys", name="A", answer=key.make(given, origin)).status_code == 401, "the question is gone"
    given = question(ann).json
    assert ann.post("/me/keys", name=" ", answer=key.make(given, origin)).status_code == 400
    assert ann.post("/me/keys", name="A", answer=key.make(given, origin)).status_code == 302
    assert add(ann, key, origin).status_code == 401, "one key is added once"
    for number in range(MOST_KEYS - 1):
        assert add(ann, SoftKey(), origin, f"Key {number}").status_code == 302
    assert question(ann).status_code == 400
    bob = Visitor(server, "192.0.2.50")
    assert bob.post("/me/keys/question", password=PASSWORD).status_code == 401
    assert bob.post("/sign-in/code/question").status_code == 401
    assert show(bob, "{}").headers["Location"] == "/sign-in"


def test_somebody_elses_key_is_not_found_and_keys_go_with_the_factor(server, database, north, ann, key):
    add_member(database, north, "bob", "Operator")
    bob = Visitor(server, "192.0.2.51")
    bob.sign_in("bob")
    assert bob.post("/me/keys/1", password=PASSWORD).status_code == 404
    assert ann.post("/me/factor/remove", password=PASSWORD).status_code == 302
    assert ann.sign_out().status_code == 302
    assert ann.sign_in("ann").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("http://127.0.0.1:8050", "localhost", "http://localhost:8050"),
        ("https://watchroom.example.org", "watchroom.example.org", "https://watchroom.example.org"),
        ("https://w.example.org:8443", "w.example.org", "https://w.example.org:8443"),
        ("http://192.0.2.1:80", "192.0.2.1", "http://192.0.2.1:80"),
    ],
)
def test_the_site_is_that_of_the_address_people_open(address, host, origin):
    assert (site_of(address).host, site_of(address).origin) == (host, origin)
