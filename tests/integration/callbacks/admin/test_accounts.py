"""Accounts from their tab: connect, test, rotate, pause; no credential comes back."""

from sqlalchemy import select

from data.channels import x
from data.channels.contract import Refused
from models.audit import AuditEvent
from models.workspace import Account
from tests.rows import add_conversation, add_workspace

NEW = {"handle": "@north", "owner": "Desk", "purpose": "Roads", "credential:bearer_token": "a-bearer-token"}


def rows(database):
    with database.read() as db:
        return db.scalars(select(Account).order_by(Account.id)).all()


def test_an_account_is_connected_tested_changed_and_paused(database, tom, monkeypatch):
    tom.tab = "accounts"
    assert "No account yet" in tom.look().body
    assert "connected" in tom.press("accounts.add", "x", NEW).notice
    (row,) = rows(database)
    assert (row.handle, row.owner, row.purpose) == ("@north", "Desk", "Roads")
    monkeypatch.setattr(x.X, "whoami", lambda _self: "@north")
    assert "these are the credentials of @north" in tom.press("accounts.test", row.id).notice

    def refuse(_self):
        raise Refused("the token is not valid")

    monkeypatch.setattr(x.X, "whoami", refuse)
    assert "The network: the token is not valid" in tom.press("accounts.test", row.id).notice
    assert "kept" in tom.press("accounts.rotate", row.id, {"credential:bearer_token": "another-token"}).notice
    assert "give the new ones" in tom.press("accounts.rotate", row.id, {"credential:bearer_token": ""}).notice
    assert (
        "saved"
        in tom.press(
            "accounts.change",
            row.id,
            {"owner": "O", "purpose": "P", "interval": "30", "budget": "900", "watch_hours": "W", "call": "Ann 101"},
        ).notice
    )
    assert "Call: give at most" in tom.press("accounts.change", row.id, {"interval": "30", "call": "x" * 201}).notice
    assert "Interval: give" in tom.press("accounts.change", row.id, {"interval": "1"}).notice
    assert "Undo" in tom.press("accounts.pause", row.id).notice
    assert rows(database)[0].paused
    assert "from where reading stopped" in tom.press("accounts.resume", row.id).notice
    seen = tom.look(f"&account={row.id}").body
    assert "900 posts a month" in seen
    assert "O, P, W, call Ann 101" in seen
    assert "token-" not in seen
    assert "another-token" not in seen
    with database.read() as db:
        told = [str(one.before) + str(one.after) for one in db.scalars(select(AuditEvent))]
    assert any("Ann 101" in one for one in told)
    assert not any("another-token" in one or "a-bearer-token" in one for one in told)


def test_what_a_page_may_not_connect(database, tom):
    tom.tab = "accounts"
    assert (
        "only the command"
        in tom.press("accounts.add", "replay", {"handle": "@a", "setting:path": "/etc/passwd"}).notice
    )
    assert "only the command" in tom.press("accounts.add", "x", NEW | {"setting:base_url": "https://a.test"}).notice
    assert "give the account" in tom.press("accounts.add", "x", NEW | {"handle": ""}).notice
    assert rows(database) == []


def test_accounts_of_another_workspace_are_not_found(database, tom):
    tom.tab = "accounts"
    south = add_workspace(database, "south")
    add_conversation(database, south)
    (row,) = rows(database)
    for act in ("accounts.test", "accounts.rotate", "accounts.change", "accounts.pause", "accounts.resume"):
        fields = {"credential:bearer_token": "x", "interval": "60", "owner": "", "purpose": ""}
        assert "There is no such thing" in tom.press(act, row.id, fields).notice, act
    assert row.handle not in tom.look(f"&account={row.id}").body
