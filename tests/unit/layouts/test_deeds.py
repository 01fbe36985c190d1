"""What happened, in plain words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from layouts import deeds
from models.snapshots import Arrived, AuditRow

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ROW = AuditRow(7, 5, AT, "Ann Hale", "192.0.2.7", 3, "claim", "conversation", 12, None, None, "")
NAMED = {("user", 4): "Ben Rees", ("account", 2): "account @north"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Ann Hale claimed conversation 12."),
        ({"action": "lapse"}, "The claim on conversation 12 lapsed."),
        (
            {"actor": "poller", "action": "intake.page", "kind": "account", "key": 2},
            "The poller stored posts of account @north.",
        ),
        ({"action": "export", "kind": "report", "key": None}, "Ann Hale exported report."),
        ({"action": "verify", "kind": "audit", "key": None}, "Ann Hale verified the audit."),
        ({"action": "reply.queue", "kind": "outgoing", "key": 9}, "Ann Hale handed in reply 9."),
        ({"action": "odd.deed", "kind": "blocked_word", "key": 3}, "Ann Hale: odd, deed, blocked word 3."),
    ],
)
def test_a_deed_is_a_sentence(changed, said):
    assert deeds.deed(replace(ROW, **changed), NAMED) == said


def test_what_was_otherwise_before_stands_side_by_side():
    row = replace(
        ROW,
        before={"holder": None, "state": "open", "gone": 1},
        after={
            "holder": 4,
            "state": "open",
            "to": 9,
            "messages": [1, 2, 3, 4],
            "flags": ["fire"],
            "ok": True,
            "facts": {},
        },
        reason="busy",
    )
    assert deeds.differences(row, NAMED) == [
        "holder: nobody, then Ben Rees",
        "state: open",
        "gone was 1",
        "to: user 9",
        "messages: 4",
        "flags: fire",
        "ok: yes",
        "facts: none",
        "reason: busy",
    ]
    assert deeds.differences(replace(ROW, before=3, after=[[1], [2]]), {}) == ["before: 3", "after: 2"]
    assert deeds.differences(replace(ROW, after={"a": {"b": False}, "c": None}), {}) == ["a: b no", "c: none"]
    assert deeds.differences(ROW, {}) == []


def test_a_message_says_when_it_was_sent_and_by_whom():
    one = Arrived(1, AT, AT, False, "")
    assert deeds.arrival(one, "Europe/London") == "A message of the contact arrived; it was sent at 14:30:00."
    ours = replace(one, ours=True, author="Ann Hale")
    assert deeds.arrival(ours, "Europe/London") == "A reply by Ann Hale stands on the network since 14:30:00."
    assert "A reply stands" in deeds.arrival(replace(ours, author=""), "Europe/London")
