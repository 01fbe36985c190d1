import json

import pytest
from sqlalchemy import select

from data.credentials import CredentialsBox
from models.workspace import Account
from tests import rows
from tests.integration.data.commands.conftest import CREDENTIALS_KEY

SECRET = "a-token-that-nobody-may-see"


@pytest.fixture
def north(database):
    return rows.add_workspace(database)


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("sent,text\n2026-11-23T09:00:00Z,Hello\n")
    return path


def account(database):
    with database.read() as db:
        return db.scalars(select(Account)).one()


def test_an_account_is_added_tried_paused_resumed_and_listed(run, database, north, posts):
    assert "is account 1" in run("account", "add", "replay", "@north", "--set", f"path={posts}").output
    assert "the credentials of @north" in run("account", "test", 1).output
    assert "paused" in run("account", "pause", 1).output
    assert account(database).paused
    run("account", "resume", 1)
    assert not account(database).paused
    listed = run("account", "list").output
    assert "@north" in listed and "never read" in listed


def test_credentials_come_from_a_file_and_are_never_printed(run, database, north, tmp_path):
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({"bearer_token": SECRET}))
    said = run("account", "add", "x", "@north", "--credentials", file).output
    said += run("account", "list").output
    assert SECRET not in said
    box = CredentialsBox(CREDENTIALS_KEY)
    assert box.unlock(account(database).credentials) == {"bearer_token": SECRET}
    run("account", "rotate", 1, "--credentials", "-", given=json.dumps({"bearer_token": "another"}))
    assert box.unlock(account(database).credentials) == {"bearer_token": "another"}


def test_credentials_that_are_typed_are_not_shown(run, database, north):
    said = run("account", "add", "x", "@north", given=f"{SECRET}\n\n\n\n\n").output
    assert SECRET not in said
    assert account(database).credentials


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add", "replay", "@north"), 1, "path: is missing"),
        (("add", "replay", "@north", "--set", "path"), 2, "is not NAME=VALUE"),
        (("add", "replay", "@north", "--interval", "1", "--set", "path=x"), 1, "5 to 86400 seconds"),
        (("add", "telegraph", "@north"), 2, "'telegraph' is not one of"),
        (("add", "replay", "@north", "--workspace", "south"), 2, "there are: north"),
        (("pause", "9"), 1, "There is no account 9"),
        (("test", "9"), 1, "There is no account 9"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(run, north, arguments, code, words):
    output = " ".join(run("account", *arguments, code=code).output.split())
    assert words.casefold() in output.casefold()


@pytest.mark.parametrize("given", ["no json", "[1]", '{"bearer_token": 1}'])
def test_credentials_of_another_shape_are_refused_without_being_repeated(run, north, given):
    said = run("account", "add", "x", "@north", "--credentials", "-", given=given, code=2).output
    assert "one JSON object of texts" in said


def test_with_several_workspaces_one_must_be_named(run, database, north):
    rows.add_workspace(database, "south")
    assert "--workspace north|south" in run("account", "add", "replay", "@n", "--set", "path=x", code=2).output


def test_an_account_without_credentials_has_none_to_rotate(run, north, posts):
    run("account", "add", "replay", "@north", "--set", f"path={posts}")
    assert "needs no credentials" in run("account", "rotate", 1, code=1).output


def test_another_key_is_said_and_nothing_breaks(run, north):
    run("account", "add", "x", "@north", "--credentials", "-", given=json.dumps({"bearer_token": SECRET}))
    assert "WATCHROOM_CREDENTIALS_KEY" in run("account", "test", 1, code=1, WATCHROOM_CREDENTIALS_KEY="x" * 32).output
