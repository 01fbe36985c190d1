"""What roles may do: built-in ones as the program says, others as they were stored."""

import pytest

from models.permissions import BUILT_IN_ROLES, Permission, Scope, rights_of
from models.problems import NotPermitted


@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
def test_a_built_in_role_may_do_what_the_program_says_whatever_was_stored(role):
    assert rights_of(role, ["view board"], built_in=True) == BUILT_IN_ROLES[role]


def test_a_role_of_a_workspace_may_do_what_was_stored():
    assert rights_of("Night desk", ["claim", "reply"], built_in=False) == {Permission.CLAIM, Permission.REPLY}


def test_a_role_that_only_bears_the_name_of_a_built_in_one_gains_nothing_by_it():
    assert rights_of("Supervisor", ["claim"], built_in=False) == {Permission.CLAIM}


def test_a_built_in_role_that_the_program_no_longer_has_keeps_what_was_stored():
    assert rights_of("Radio operator", ["claim"], built_in=True) == {Permission.CLAIM}


def test_a_stored_word_that_is_no_permission_gives_none():
    assert rights_of("Night desk", ["claim", "fly"], built_in=False) == {Permission.CLAIM}


def test_a_scope_asks_for_what_it_holds():
    scope = Scope(1, "north", frozenset({Permission.CLAIM}))
    scope.require(Permission.CLAIM)
    with pytest.raises(NotPermitted):
        scope.require(Permission.REPLY)
