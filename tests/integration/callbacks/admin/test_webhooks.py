"""Webhooks from their tab: the secret is shown once, hostile input is refused, and the log says what became of a call."""

from data.calls import call_next
from data.credentials import CredentialsBox
from tests.rows import NOW, add_workspace

FIELDS = {"name": "CAD <b>", "address": "https://cad.example/in?key=topsecret", "event:alarm.raised": True}


def test_a_webhook_is_added_tried_turned_off_renewed_and_removed(database, north, tom, settings):
    tom.tab = "webhooks"
    assert "No webhook yet" in tom.look().body
    for wrong in (
        {"name": ""},
        {"address": "http://cad.example"},
        {"address": "https://cad.example/\0"},
        {"address": "https://cad.example/\ud800"},
        {"address": "x" * 100_000},
        {"event:alarm.raised": False},
        {"event:everything": True},
    ):
        assert "Told from now on" not in (answer := tom.press("webhooks.add", fields=FIELDS | wrong)).notice
        assert answer.notice
    assert "No webhook yet" in tom.look().body
    answer = tom.press("webhooks.add", fields=FIELDS)
    assert "whsec_" in answer.body
    assert "whsec_" not in (shown := tom.look().body)
    assert "topsecret" not in answer.body + shown
    assert "cad.example" in shown
    assert "A test is on its way" in tom.press("webhooks.test", 1).notice
    box = CredentialsBox(settings.credentials_key.get_secret_value())

    def down(*_):
        raise OSError("it answered 503")

    assert call_next(database, box, "https://wr.example", down, NOW)
    assert "it answered 503" in tom.look().body
    assert "whsec_" in tom.press("webhooks.renew", 1).body
    assert "told nothing" in tom.press("webhooks.off", 1).notice
    assert "turn it on first" in tom.press("webhooks.test", 1).notice
    assert "told again" in tom.press("webhooks.on", 1).notice
    assert "tick that" in tom.press("webhooks.remove", 1).notice
    assert "are gone" in tom.press("webhooks.remove", 1, {"sure": True}).notice
    assert "No webhook yet" in tom.look().body
    for act in ("test", "off", "on", "renew", "again"):
        assert "There is no such thing" in tom.press(f"webhooks.{act}", 1).notice


def test_another_workspaces_webhook_is_not_found(database, north, tom, employ):
    tom.tab = "webhooks"
    tom.press("webhooks.add", fields=FIELDS)
    una = employ(add_workspace(database, "south"), "una", slug="south")
    una.tab = "webhooks"
    assert "cad.example" not in una.look().body
    assert "There is no such thing" in una.press("webhooks.off", 1).notice
