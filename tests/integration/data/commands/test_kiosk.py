import re

from data.kiosks import check_kiosk
from tests import rows


def test_a_kiosk_is_made_listed_and_revoked(run, database):
    rows.add_workspace(database)
    said = run("kiosk", "create", "By the door", "--board", "hours", WATCHROOM_PUBLIC_URL="https://wr.example").output
    token = re.search(r"https://wr\.example/kiosk/(\S+)", said)[1]
    assert check_kiosk(database, token).board == "hours"
    listed = run("kiosk", "list").output
    assert "By the door" in listed
    assert token not in listed
    assert "is revoked" in run("kiosk", "revoke", 1).output
    assert check_kiosk(database, token) is None
    assert "revoked" in run("kiosk", "list").output


def test_a_kiosk_that_is_not_there_cannot_be_revoked(run):
    assert "There is no kiosk 7" in run("kiosk", "revoke", 7, code=1).output
    assert "no kiosk yet" in run("kiosk", "list").output


def test_a_kiosk_needs_a_workspace(run):
    assert "no workspace yet" in run("kiosk", "create", "Door", code=2).output
