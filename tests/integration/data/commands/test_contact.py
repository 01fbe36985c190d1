from sqlalchemy import select

from models.conversation import Contact
from tests import rows
from tests.arrivals import answers, asks, found


def test_a_contact_is_found_packed_and_erased_from_the_command_line(run, database, tmp_path):
    town = found(database)
    town.take(asks("1", 0))
    erase = ("contact", "erase", "1", "--reason", "request 14")
    assert "Nobody there" in run("contact", "find", "@nobody").output
    handle = town.rows(Contact)[0].handle
    assert handle in run("contact", "find", handle).output
    file = tmp_path / "pack.json"
    assert "holds 1 messages" in run("contact", "pack", "1", file).output
    assert handle in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists already" in run("contact", "pack", "1", file, code=1).output
    assert "cannot be written" in run("contact", "pack", "1", tmp_path / "none" / "pack.json", code=1).output
    assert "waits for an answer" in run(*erase, code=1, given=f"{handle}\n").output
    town.take(answers("2", 9, "1"))
    assert "not their handle" in run(*erase, code=1, given="ben\n").output
    assert "no such contact" in run("contact", "erase", "99", "--reason", "request 14", code=1).output
    assert "Identities: 1, conversations: 1, messages: 2" in run(*erase, given=f"{handle}\n").output
    with database.read() as db:
        assert db.scalar(select(Contact.handle)) == "(erased)"
    assert "hold nothing" in run("contact", "scour").output


def test_a_contact_of_another_workspace_is_not_found(run, database):
    town = found(database)
    rows.add_workspace(database, "south")
    town.take(asks("1", 0))
    given = ("contact", "erase", "1", "--reason", "request 14", "--workspace", "south")
    assert "no such contact" in run(*given, code=1).output
