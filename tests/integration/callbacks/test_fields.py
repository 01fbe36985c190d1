"""Every callback of the running program, given what no page sends: it answers, and never with a fault of ours."""

from random import Random

import pytest

from callbacks import problems
from callbacks.guard import Open, mark_of
from models.permissions import BUILT_IN_ROLES
from tests.asking import body_of, callbacks_of
from tests.rows import add_conversation, add_member
from tests.visits import Visitor

STRANGE = ("\0", "\ud800", "=1+1", "<script>alert(1)</script>", "k" * 100_000, -1, 2**63, 1e308, True, [], {}, [["x"]])
NAMES = ("name", "key", "id", "password", "code", "credential:token", "setting:x", "channel:x", "user:1", "role:\0")
ROUNDS = 40


def hostile(chance):
    """What a field may be made to hold: a strange value, or a form full of them."""
    return chance.choice((chance.choice(STRANGE), {name: chance.choice(STRANGE) for name in NAMES}, None))


@pytest.mark.timeout(1_200)
def test_no_callback_answers_what_no_page_sends_with_a_fault(server, database, north, rounds):
    add_conversation(database, north)
    people = {}
    for role in BUILT_IN_ROLES:
        name = role.split()[0].lower()
        add_member(database, north, name, role)
        people[role] = Visitor(server)
        people[role].sign_in(name)
        people[role].open("/wallboard/main?workspace=north")
    chance, wrong = Random(20_261_125), set()
    for _ in range(rounds(ROUNDS)):
        for name, handler, entry in callbacks_of(server):
            mark = mark_of(handler)
            who = next(role for role in BUILT_IN_ROLES if mark is Open.SOMEBODY or mark in BUILT_IN_ROLES[role])
            answer = people[who].call(body_of(entry, value=lambda _: hostile(chance), changed=chance.randrange(3)))
            if answer.status_code >= 500 or problems.UNKNOWN in answer.text:
                wrong.add(name)
    assert wrong == set()
