"""Entries of the decision log: under their headings, corrected ones folded, markup never."""

from layouts.components.decision import decision, fields
from models.snapshots.cases import DecisionMark
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts

ONE = DecisionMark(9, "J. Okafor", make.ago(5), (("threat", "<b>Crowd</b>"), ("ethics", "Proportionate")), None, None)
ZONE = make.NORTHSHIRE.zone


def test_an_entry_stands_under_its_headings():
    said = texts(decision(ONE, make.NOW, ZONE))
    for words in (
        "Decision 9 by J. Okafor, 14:27",
        "Threat and risk",
        "<b>Crowd</b>",
        "Code of Ethics",
        "Proportionate",
    ):
        assert words in said


def test_one_that_was_corrected_is_folded_and_says_by_what():
    later = DecisionMark(12, "A. Singh", make.NOW, (("threat", "None"),), 9, None)
    gone = DecisionMark(9, "J. Okafor", make.ago(5), (("threat", "Crowd"),), None, 12)
    assert "Decision 9 by J. Okafor, 14:27: corrected by decision 12" in texts(decision(gone, make.NOW, ZONE))
    assert "Details" in drawn(decision(gone, make.NOW, ZONE))
    assert "Decision 12 by A. Singh, 14:32, corrects decision 9" in texts(decision(later, make.NOW, ZONE))
    offered = drawn(fields("decide", (gone, later), make.NOW, ZONE))
    assert "decision 12 of" in offered and "decision 9 of" not in offered
