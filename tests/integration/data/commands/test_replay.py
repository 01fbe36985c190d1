import csv
import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from data.clock import utc_now
from data.people import workspaces_of
from data.polls import followed
from data.signing import sign_in
from data.throttle import Throttle
from models.conversation import Message
from models.people import User
from models.workspace import Account


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "flood.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent", "text", "contact_handle"])
        for number in range(1_234):
            writer.writerow(
                [f"2026-10-01T{number // 60 % 24:02d}:{number % 60:02d}:00Z", f"Post {number}", f"p{number}"]
            )
        writer.writerow(["no time", "Unreadable", ""])
    return path


def messages(database):
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(Message))


def test_a_file_is_loaded_as_recorded_and_twice_is_once(run, database, posts):
    said = run("replay", posts, "--as-recorded").output
    assert "1,235 posts read: 1,234 stored, 1 rejected" in said
    assert messages(database) == 1_234
    with database.read() as db:
        assert db.scalar(select(func.min(Message.sent))) == datetime(2026, 10, 1, tzinfo=UTC)
    assert "nothing new" in run("replay", posts, "--as-recorded").output
    assert messages(database) == 1_234


def test_somebody_can_sign_in_and_look_at_it(run, database, posts):
    for _ in range(2):
        password = re.search(r"with the password (\S+)", run("replay", posts).output)[1]
        assert sign_in(database, Throttle(), "replay", password, "127.0.0.1", utc_now())
    with database.read() as db:
        user_id = db.scalar(select(User.id))
    assert [mark.slug for mark in workspaces_of(database, user_id)] == ["replay"]


def test_a_file_is_listened_to_from_now_on_at_the_speed_asked_for(run, database, posts):
    run("replay", posts, "--speed", 60, "--workspace", "Flood desk")
    (account,) = followed(database)
    assert (account.handle, account.settings["speed"], account.interval.total_seconds()) == ("flood", "60", 5)
    assert messages(database) == 0
    run("replay", posts, "--speed", 600, "--workspace", "Flood desk")
    (account,) = followed(database)
    assert account.settings["speed"] == "600"


def test_dialogues_become_an_account_for_each_company(run, database, tmp_path):
    dialogues = [dialogue(number, company) for number, company in enumerate(("Railway", "Water", "Railway"))]
    path = tmp_path / "dialogues.json"
    path.write_text(json.dumps(dialogues))
    run("replay", path, "--as-recorded")
    with database.read() as db:
        counted = select(Account.handle, func.count()).join(Message, Message.account_id == Account.id)
        assert dict(db.execute(counted.group_by(Account.handle)).all()) == {"Railway": 4, "Water": 2}


def dialogue(number, company):
    base = (1_500_000_000_000 + number * 60_000 - 1_288_834_974_657) << 22
    return {
        "dialogHeader": {"company": company},
        "dialogContent": [{"client": f"person{number}", "message": "My train is late", "tweet_ID": str(base)}],
        "agentURL": {"tweet_ID": str(base + (60_000 << 22)), "url_utterance": f"@person{number} Sorry to hear it"},
    }


@pytest.mark.parametrize("arguments", [("--speed", "0"), ("--format", "telegraph")])
def test_what_cannot_be_replayed_is_refused(run, posts, arguments):
    run("replay", posts, *arguments, code=2 if "--format" in arguments else 1)


def test_a_file_that_is_not_there_is_said(run, tmp_path):
    assert "does not exist" in run("replay", tmp_path / "gone.csv", code=2).output
