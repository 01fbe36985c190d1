"""Kill -9 in the middle of intake, again and again: no post is lost, none is doubled, and no sum disagrees."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from data.accounts import NewAccount, add_account
from data.clock import utc_now
from data.credentials import CredentialsBox
from data.database import Database
from data.rebuilding import rebuild
from data.verification import verify
from models.audit import COMMAND
from models.conversation import Message, MessageVersion, Quarantined, Tombstone
from models.posts import Post
from models.workspace import AccountPoll
from tests import rows
from tests.faults import killing

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_261_123


@pytest.fixture
def database(database_url):
    """A workspace with one account."""
    opened = rows.open_database(database_url)
    workspace_id = rows.add_workspace(opened, at=utc_now())
    new = NewAccount("x", "@north", credentials={"bearer_token": "b"})
    add_account(opened, CredentialsBox("k" * 32), workspace_id, new, utc_now, COMMAND)
    yield opened
    opened.close()


def kill(database: Database, rounds: int, planted: bool = False) -> dict[str, int]:
    """Let another program fork and kill workers on this database."""
    arguments = [database.url, rows.AUDIT_KEY.decode(), str(rounds), str(SEED), "planted" if planted else "sound"]
    command = [sys.executable, "-m", "tests.faults.killing", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read_to_the_end(database: Database) -> int:
    """Let a worker that nobody kills read on, a little further than the killed ones came; where it ended."""
    with database.read() as db:
        reached = int(db.scalar(select(AccountPoll.cursor)) or 1)
    end = reached + 3 * killing.PAGE
    killing.poll_for_ever(database, SEED, end)
    return end


def amiss(database: Database, end: int) -> list[str]:
    """Everything that the network gave and is not here exactly once, by comparison with the network itself."""
    given = [killing.post(number) for number in range(1, end)]
    posts = [one for one in given if isinstance(one, Post)]
    expected = {one.network_id for one in posts if one.deleted is None}
    unreadable = {one.raw for one in given if not isinstance(one, Post)}
    with database.read() as db:
        stored = Counter(db.scalars(select(Message.network_id)))
        versions = set(db.scalars(select(MessageVersion.version_id)))
        deleted = set(db.scalars(select(Message.network_id).where(Message.deleted.is_not(None))))
        deleted |= set(db.scalars(select(Tombstone.network_id)))
        kept = Counter(db.scalars(select(Quarantined.raw)))
    found = [f"lost {name}" for name in expected - stored.keys()]
    found += [f"invented {name}" for name in stored.keys() - expected]
    found += [f"doubled {name}" for name, number in (stored + kept).items() if number > 1]
    found += [f"lost the edit {one.version_id}" for one in posts if one.edited and one.version_id not in versions]
    found += [
        f"lost the deletion of {one.network_id}" for one in posts if one.deleted and one.network_id not in deleted
    ]
    found += [f"lost the unreadable {raw}" for raw in unreadable - kept.keys()]
    return found


def test_no_post_is_lost_or_doubled_however_often_intake_is_killed(database, rounds):
    done = kill(database, rounds(200))
    assert done["killed"] == done["rounds"]
    end = read_to_the_end(database)
    print(f"{done['killed']} workers killed, {end - 1} posts")
    assert end > 5 * done["rounds"], "the workers were killed before they did anything"
    assert amiss(database, end) == []
    assert [wrong for one in rebuild(database, check_only=True) for wrong in one.differences] == []
    assert [chain.bad for chain in verify(database) if chain.bad] == []


def test_a_cursor_saved_before_its_rows_is_found_out(database, rounds):
    kill(database, max(rounds(200), 20), planted=True)
    end = read_to_the_end(database)
    assert any(line.startswith("lost post-") for line in amiss(database, end))
