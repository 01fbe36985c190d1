"""The public page of the survey, its tab and its report."""

import pytest

from data.signing import token_hash
from models.survey import LASTS, Answer, SurveyCount, SurveyLink
from tests.rows import NOW


@pytest.fixture
def link(database, north):
    with database.write() as db:
        row = SurveyLink(
            workspace_id=north, token_hash=token_hash("t0ken"), channel="x", month="2026-10", until=NOW + LASTS
        )
        db.add(row)
    return "/s/t0ken"


def counted(database):
    with database.read() as db:
        return {row.what: row.count for row in db.query(SurveyCount)}


def test_one_tap_counts_and_opening_the_link_does_not(database, visitor, link):
    page = visitor.get(link)
    assert page.status_code == 200
    assert page.text.count('name="answer"') == len(Answer)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].split("style-src")[0]
    assert visitor.client.head(link).status_code == 200
    assert visitor.client.post(link, data={"answer": "no"}).status_code == 400, "without the page's token nobody votes"
    assert visitor.post(link, answer="<script>").status_code == 400
    assert counted(database) == {}
    thanks = visitor.post(link, answer="no")
    assert (thanks.status_code, "Your answer is counted" in thanks.text) == (200, True)
    assert visitor.post(link, answer="call").status_code == 404
    assert visitor.get(link).status_code == 404
    assert counted(database) == {"no": 1}


@pytest.mark.parametrize("path", ["/s/x", "/s/%00", "/s/%ed%a0%80", "/s/" + "x" * 5_000])
def test_what_is_no_link_says_that_the_question_is_closed(visitor, path):
    page = visitor.get(path)
    assert page.status_code == 404
    assert "Traceback" not in page.text
