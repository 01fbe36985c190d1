"""The tab that turns the survey on, and the report that counts its answers."""

from models.survey import TEXT, SurveyCount


def test_it_is_turned_on_worded_and_read(database, north, tom):
    tom.tab = "survey"
    assert "It is off" in tom.look().body
    assert "hold {link} once" in tom.press("survey.change", fields={"on": True, "text": "No link"}).notice
    assert "next closing" in tom.press("survey.change", fields={"on": True, "text": TEXT}).notice
    assert "It is on" in tom.look().body
    assert "Nobody is asked" in tom.press("survey.change", fields={"on": False, "text": TEXT}).notice


def test_the_report_counts_whole_months_and_gives_ranges(database, north, tom, employ):
    analyst = employ(north, "lewis", "Analyst")
    path = "/reports/survey.csv?workspace=north&period=custom&from=2026-10-20&to=2026-11-02"
    with database.write() as db:
        for month in ("2026-09", "2026-10"):
            for what, count in {"closed": 80, "asked": 50, "no": 3, "call": 6, "other": 1, "unsure": 10}.items():
                db.add(SurveyCount(workspace_id=north, month=month, channel="x", what=what, count=count))
    found = read(analyst.get(path).text)
    assert found == ["2026-10", "80", "50", "20", "3", "6", "1", "10"]


def read(text):
    """The line of the only month in a file of figures."""
    (line,) = (one for one in text.splitlines() if one.startswith("2026-10,"))
    return line.split(",")
