"""The register of accounts through its callbacks."""

import pytest

from models.permissions import BUILT_IN_ROLES
from tests.panel import callback, run
from tests.rows import add_conversation, add_member, add_workspace
from tests.visits import Visitor


def refresh(visitor, workspace="north"):
    entry = callback(visitor, output="accounts-body")
    return run(
        visitor, entry, "live-accounts.data", {"live-accounts.data": {"revision": 9}}, workspace, "&month=2026-01"
    )


@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
def test_every_role_sees_our_own_accounts_and_nothing_of_a_contact(server, database, north, role):
    add_conversation(database, north, text="a contact's own words")
    add_member(database, north, "eve", role)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    visitor.open("/accounts?workspace=north")
    shown = refresh(visitor).text
    assert "@force" in shown
    assert "own words" not in shown
    assert "eighbour" not in shown


def test_the_accounts_of_another_workspace_are_not_there(database, ann):
    add_conversation(database, add_workspace(database, "south"))
    ann.open("/accounts?workspace=north")
    assert "@force" not in refresh(ann).text
    assert refresh(ann, "south").status_code == 403
