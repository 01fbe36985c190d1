"""What the report of the survey says, with many answers, few, and none."""

import pytest

from layouts.reports import survey
from models.snapshots.survey import SurveyReport
from models.survey import Surveyed
from tests import periods as make

MANY = Surveyed(closed=17_000, asked=2_000, no=270, call=610, other=120, unsure=0)


def test_the_shares_stand_with_their_intervals_and_the_calls_avoided():
    assert survey.sentence(MANY) == (
        "Of 1,000 valid answers, 27% would not have contacted us otherwise and 61% would have rung: "
        "about 9,850 to 10,876 calls avoided."
    )
    assert survey.figures(MANY)[1:4] == [
        ("Answered", "1,000", "response rate 50%"),
        ("Not otherwise", "27%", "24% to 30%, n 1000"),
        ("Would have rung", "61%", "58% to 64%, n 1000"),
    ]


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Surveyed(closed=5, asked=4), "4 people were asked, and nobody has said so far."),
        (Surveyed(closed=5, asked=4, call=1), "Below 10 no range is given."),
    ],
)
def test_few_answers_are_not_made_more_of(total, said):
    assert said in survey.sentence(total)
    assert survey.avoided(total) == "–"


def test_an_empty_report_says_who_turns_it_on():
    report = SurveyReport(make.head(), Surveyed(), (), ())
    assert "Admin, Survey" in str(survey.body(report, "dark", True)[1])
