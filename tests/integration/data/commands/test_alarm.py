from data.alarms import alarm_ways
from tests import rows


def test_a_destination_is_made_listed_and_removed_and_its_address_never_shown(run, database):
    home = rows.add_workspace(database)
    rows.add_member(database, home, "ann", "Operator")
    assert "on the screen only" in run("alarm", "told").output
    said = run("alarm", "tell", "Duty mail", "--user", "ann", given="mailtos://u:secret@example.org\n").output
    assert "destination 1" in said
    listed = run("alarm", "told").output
    assert "Duty mail" in listed
    assert "secret" not in said + listed
    assert "no such person" in run("alarm", "tell", "X", "--team", "none", given="json://example.org\n", code=1).output
    assert "one of the forms" in run("alarm", "tell", "X", given="exec://x\n", code=1).output
    assert "is removed" in run("alarm", "untell", 1).output
    assert "no destination 1" in run("alarm", "test", 1, code=1).output


def test_how_alarms_are_raised_is_set_and_shown(run, database):
    home = rows.add_workspace(database)
    run("alarm", "set", "supervisor_seconds=120", "soon_share=0.5", "quiet_from=1320", "quiet_until=360")
    with database.read() as db:
        assert alarm_ways(db, home).supervisor_seconds == 120
    assert "1320" in run("alarm", "show").output
    for wrong in ("id=3", "nothing=1", "budget=many"):
        run("alarm", "set", wrong, code=2)
    assert "minute" in run("alarm", "set", "supervisor_seconds=1", code=1).output
