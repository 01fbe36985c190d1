"""What webhooks are told, where, and how it is signed."""

from datetime import UTC, datetime, timedelta

import pytest

from models.problems import BadValue
from models.webhooks import Event, check_facts, check_webhook, pause_after, secret_of, signature

ADDRESS = "https://cad.example/in?key=1"


def test_a_call_is_signed_as_the_published_vector_of_standard_webhooks_says():
    at = datetime.fromtimestamp(1614265330, UTC)
    said = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}'
    )
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_failed_is_tried_for_about_a_day_and_then_left_to_a_person():
    pauses = []
    while (pause := pause_after(len(pauses) + 1)) is not None:
        pauses.append(pause)
    assert timedelta(hours=24) < sum(pauses, timedelta()) < timedelta(hours=32)
    assert pauses == sorted(pauses)


def test_a_webhook_is_told_over_https_only_and_never_shows_more_than_its_host():
    assert check_webhook(" CAD  in ", f" {ADDRESS} ", ["alarm.raised", "message.top"]) == (
        "CAD in",
        ADDRESS,
        "cad.example",
        [Event.TOP, Event.ALARM],
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://cad.example",
        "https://",
        "https://user:word@cad.example",
        "https://cad.example/#x",
        "https://cad.example:99999",
        "https://cad.example/a b",
        "https://cäd.example",
        "https://cad.example/\0",
        "https://[::1",
        "ftp://cad.example",
        "https://cad.example/" + "x" * 2_000,
    ],
)
def test_an_address_that_cannot_be_is_refused(address):
    with pytest.raises(BadValue):
        check_webhook("CAD", address, ["alarm.raised"])


@pytest.mark.parametrize(
    ("name", "events"), [("", ["alarm.raised"]), ("x" * 61, ["alarm.raised"]), ("CAD", []), ("CAD", ["all"])]
)
def test_a_webhook_has_a_name_and_events_that_there_are(name, events):
    with pytest.raises(BadValue):
        check_webhook(name, ADDRESS, events)


def test_a_call_holds_numbers_and_kinds_and_never_anybodys_words():
    assert check_facts({"conversation": 4, "kind": "risk", "account": None}) == {"conversation": 4, "kind": "risk"}
    for wrong in ({"text": "help"}, {"kind": "He said: “help”"}, {"kind": "x" * 81}, {"kind": "@neighbour"}):
        with pytest.raises(ValueError, match="not told"):
            check_facts(wrong)


def test_a_secret_says_what_it_is():
    assert secret_of(bytes(24)) == "whsec_" + "A" * 32
