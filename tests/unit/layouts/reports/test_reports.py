"""What the reports say, in words and figures."""

import pytest

from layouts.pages import REPORTS
from layouts.reports import (
    activity,
    compare,
    engagement,
    figures,
    heat,
    hours,
    picker,
    response,
    shifts,
    survey,
    tables,
    topics,
    usual,
)
from models.snapshots import SurgeGroup
from models.tables import tables_of
from tests import periods as make
from tests.factories import surge, wait
from tests.unit.layouts.test_queue import texts
from tests.unit.layouts.test_wallboard import parts

BODIES = {"activity": (activity.body, make.activity), "response": (response.body, make.response)}
BODIES |= {"hours": (hours.body, make.hours), "engagement": (engagement.body, make.engagement)}
BODIES |= {"topics": (topics.body, make.topics), "compare": (compare.body, make.compare)}
BODIES |= {"survey": (survey.body, make.survey)}


def body(name, may_export=True, **changes):
    draw, factory = BODIES[name]
    return draw(factory(**changes), "dark", may_export)


def words(name, **changes):
    return [word for part in body(name, **changes) for word in texts(part)]


def test_every_report_of_the_bar_is_drawn():
    assert set(BODIES) == {key for key, _ in REPORTS}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_report_says_its_period_zone_and_when(name):
    said = " ".join(words(name))
    assert "12 to 15 Oct 2026, local days of Europe/London, as at 14:32." in said
    assert "Collecting began on 13 Oct 2026." in said


@pytest.mark.parametrize("name", sorted(BODIES))
def test_downloads_are_for_those_who_may(name):
    assert "Download figures (CSV)" in words(name)
    drawn = [word for part in body(name, may_export=False) for word in texts(part)]
    assert "Download figures (CSV)" not in drawn
    assert "Your roles here do not include downloads." in drawn


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("activity", {"total": 0}),
        ("hours", {"n": 0}),
        ("response", {"groups": (make.group(public=make.NONE),)}),
        ("topics", {"messages": 0}),
        ("compare", {"rows": ()}),
    ],
)
def test_an_empty_period_says_what_to_do(name, empty):
    assert any("Choose another period." in word for word in words(name, **empty))


def test_an_empty_account_says_to_choose_all():
    head = make.head(filters=make.ReportFilters("custom", make.FIRST, make.LAST, account=1))
    assert any("Choose all channels and accounts" in word for word in words("activity", total=0, head=head))


def test_activity_compares_with_the_period_before():
    said = words("activity")
    assert [one for one in said if one in ("951", "5% fewer than before")][:2] == ["951", "5% fewer than before"]
    assert "no figure before" in words("activity", before=None)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(12, 10, "20% more than before"), (10, 10, "as many as before"), (5, 10, "50% fewer than before")],
)
def test_a_change_is_said_in_words(now, before, said):
    assert picker.change(now, before) == said


def test_activity_names_its_busiest_day_and_hour():
    assert activity.sentence(make.activity()) == "951 messages came in, most on Wed 14 Oct (940)."
    assert activity.week_sentence(make.activity()) == "The busiest hour is Sat 23:00 to 24:00, with 12 messages."
    blank = tuple((None,) * 24 for _ in range(7))
    assert activity.week_sentence(make.activity(week=blank)).startswith("No whole hour")


def test_activity_says_which_hours_were_above_what_is_usual():
    said = activity.hours_sentence(make.activity())
    assert said == "5 hours above what is usual, most at 20:32 (40; 3.0 to 15 is usual), and 2 below, of 19 known."
    calm = tuple(make.UsualHour(one.begins, 5, one.usual) for one in make.HOURS)
    assert activity.hours_sentence(make.activity(hours=calm)).startswith(
        "No hour was above what is usual; 0 hours below"
    )
    assert "not known yet" in activity.hours_sentence(make.activity(hours=()))
    bars = usual.by_hour(make.activity(), "dark")["data"][1]
    assert bars["text"][6] == "above" and bars["y"][20:] == [None] * 4


def test_a_surge_says_how_many_say_much_the_same_and_shows_words_only_where_they_came():
    alike = (SurgeGroup(43, "=Smoke over the mill", 7), SurgeGroup(5, "", None))
    said = words("activity", surge=surge(), alike=alike)
    assert "43 messages say much the same: " in said and "=Smoke over the mill" in said
    assert "5 messages say much the same." in said


def test_response_says_what_half_waited_and_who_is_still_waiting():
    said = response.sentence(make.group())
    assert said.startswith("Half were answered within 6 min, 90% within 19 min and 95% within > 1 h 00")
    assert "2 still unanswered" in said


def test_engagement_says_what_was_gained_and_what_no_network_gave():
    said = words("engagement")
    assert "3.4%" in said
    assert "20% more than before" in said
    assert "a reply" in said
    report = make.engagement()
    assert engagement.sentence(report) == (
        "Our posts gained 120 engagements, 3.4% of the impressions. "
        "4 public posts went out in the period; figures of 3 were read."
    )
    blank = make.engagement(total=make.fared(2, None, None))
    assert engagement.sentence(blank) == "2 posts were read, and no engagement was given."


def test_engagement_without_readings_says_why():
    unread = words("engagement", total=make.fared(0, None, None))
    assert any("4 public posts went out, and no network has given figures of any." in word for word in unread)
    unsent = words("engagement", total=make.fared(0, None, None), sent=0)
    assert any("We sent no public post in this period" in word for word in unsent)


def test_a_fall_stands_below_the_line_and_what_was_not_read_is_a_gap():
    drawn = figures.engagement(make.engagement(), "dark")
    bars, gaps = drawn["data"]
    assert bars["y"] == [None, 40, 90, -10]
    assert drawn["layout"]["yaxis"]["range"][0] < -10
    assert gaps["x"] == [0]


def test_topics_name_what_many_wrote_about_and_we_did_not():
    assert topics.sentence(make.topics()) == (
        "Most was about Roads: 40% of 100 messages. We published nothing about Drones (10), =Noise() (5)."
    )
    quiet = tuple(make.replace(row, posts=1) for row in make.topics().rows)
    assert topics.sentence(make.topics(rows=quiet)).endswith("We published about every topic that came.")
    assert topics.sentence(make.topics(posts=0)).endswith("No post of ours that answers nobody went out.")
    assert "no topic was set on any" in topics.sentence(make.topics(rows=make.topics().rows[-1:]))
    drawn = usual.topics(make.topics(), "dark")["data"]
    assert [one["x"] for one in drawn] == [[0.4, 0.1, 0.05], [0.75, 0.0, 0.0]]
    assert topics.splits_sentence(make.topics(workspaces=())) == "By account of this workspace."


def test_compare_says_who_had_most_and_who_kept_its_promise():
    assert (
        compare.sentence(make.compare()) == "60 messages came to 2 workspaces, most to Northshire control room (67%)."
    )
    assert compare.rates_sentence(make.compare()) == (
        "Within target: 91% in Northshire control room, 80% in Eastfield hub."
    )
    alone = make.compare(rows=make.compare().rows[:1])
    assert compare.sentence(alone).startswith("You may read the reports of this workspace only")
    assert compare.rates_sentence(alone) == "Within target: 91% in Northshire control room."
    unjudged = make.replace(alone.rows[0], service=make.ServiceLevel(None, 0))
    assert compare.rates_sentence(make.compare(rows=(unjudged,))).startswith("No answer can be judged")
    assert usual.compare(make.compare(), "light")["data"][0]["x"] == [10.0, None]


def test_hours_say_which_hour_needs_most_people_and_what_a_shift_would_meet():
    said = shifts.people_sentence(make.hours())
    assert said == "Sat 18:00 needs most: 8 people to take up 90% within 5 min, at 11 min each."
    blank = make.replace(make.hours().staffing, people=((None,) * 24,) * 7)
    assert shifts.people_sentence(make.hours(staffing=blank)).startswith("No whole hour")
    best = shifts.shift_sentence(make.hours(), "weekdays", 17, 8)
    assert best == (
        "Monday to Friday, 17:00 to 01:00: 140 of 314 messages a week that nobody was there for, 174 left. "
        "No other beginning meets more."
    )
    other = shifts.shift_sentence(make.hours(), "weekend", 2, 4)
    assert "Saturday and Sunday, 02:00 to 06:00" in other and "Beginning at 20:00 it would meet" in other
    open_always = tuple((1.0,) * 24 for _ in range(7))
    assert shifts.shift_sentence(make.hours(open_share=open_always), "all", 2, 4).startswith("Nothing came")
    assert shifts.sections(make.hours(share=None, staffing=None)) == []


def test_under_twenty_turns_the_range_stands():
    assert "under 20" in response.sentence(make.group(public=make.FEW))
    assert response.said(make.FEW) == "3 min to > 1 h 35"
    assert response.said(make.waits(n=1, median=None, shortest=None, longest=wait(9, False))) == "none to > 9 min"
    assert response.said(make.NONE) == "–"


def test_where_most_of_the_wait_went():
    assert response.parts_sentence(make.response()).endswith("most passed until somebody claimed it: 90%.")
    nothing = tuple(make.PartShare("ingestion", part.total * 0, None) for part in make.response().parts)
    none = make.response(parts=nothing, answered=0, elsewhere=None)
    assert response.parts_sentence(none).startswith("Nothing was answered")


def test_answers_without_parts_are_not_called_no_answers():
    nothing = tuple(make.PartShare("ingestion", part.total * 0, None) for part in make.response().parts)
    outside = response.parts_sentence(make.response(parts=nothing, elsewhere=1.0))
    assert outside.startswith("Every answer was given outside Watchroom")
    some = response.parts_sentence(make.response(parts=nothing, elsewhere=0.5))
    assert some.startswith("There were answers")
    assert "Nothing" not in outside + some


def test_a_staffed_wait_of_nought_is_not_called_instant():
    assert "which is not an instant answer" in response.answered_sentence(make.response())


def test_hours_say_share_and_ratio_or_that_no_calendar_is_set():
    assert hours.sentence(make.hours()) == "54% of 951 messages came out of hours, at 0.50 times the in-hours rate."
    assert hours.sentence(make.hours(share=None)).startswith("No calendar is set")
    assert hours.week_sentence(make.hours()).startswith("In an average week 900 messages")
    assert hours.week_sentence(make.hours(a_week=None)) == "Messages an hour, by hour of the week."
    assert "n 951, no figure before" in words("hours", before=None)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize(
    ("draw", "factory"),
    [(figures.activity, make.activity), (figures.hours, make.hours), (figures.response, make.response)],
)
def test_every_chart_hatches_what_was_not_collected_and_marks_what_is_open(draw, factory, theme):
    figure = draw(factory(), theme)
    assert figure["data"] and figure["layout"]["xaxis"]["tickvals"] == [0, 1, 2, 3]
    if draw is not figures.response:
        assert figure["data"][-1]["name"] == "no data"
        assert figure["data"][0]["marker"]["pattern"]["shape"] == ["", "", "", "/"]


def test_a_chart_without_a_message_has_no_highest_bar():
    empty = make.activity(counts=((0, 0),) * 4)
    assert figures.activity(empty, "dark")["layout"]["annotations"] == []


def test_waits_that_are_only_known_to_be_longer_point_upwards():
    lines = {one["name"]: one for one in figures.response(make.response(), "dark")["data"]}
    assert lines["90% within"]["marker"]["symbol"][-1] == "triangle-up"
    assert lines["median"]["marker"]["symbol"][-1] == "circle-open"
    assert lines["range, under 20"]["x"] == [1, 1, None]


@pytest.mark.parametrize(("days", "named"), [(4, 4), (28, 4), (112, 16), (200, 16)])
def test_a_chart_never_names_more_buckets_than_there_is_room_for(days, named):
    buckets = [make.Bucket(day := make.FIRST + make.timedelta(days=n), day, False, False) for n in range(days)]
    assert len(figures.bucket_axis(buckets, {"line": "", "muted": ""})["tickvals"]) <= max(named, figures.NAMED)


def test_months_are_named_by_month():
    month = make.Bucket(make.date(2026, 10, 1), make.date(2026, 10, 31), False, False)
    assert figures.name_of(month) == "Oct 2026"
    assert figures.bucket_axis([month], {"line": "", "muted": ""})["ticktext"] == ["Oct 26"]


def test_shades_grow_with_the_figure_and_nothing_has_none():
    assert [heat.shade(value, 12) for value in (0, 0.1, 2, 2.1, 11.9, 12)] == [0, 1, 1, 2, 6, 6]
    assert heat.shade(1, 0) == 0


def test_an_hour_out_of_hours_says_so_without_colour():
    table = heat.week("Week", make.WEEK, str, make.hours().open_share)
    said = texts(table)
    assert said.count(", out of hours") == 6 * 24 - 5 * 8
    assert said.count("not known") == 24


@pytest.mark.parametrize(
    ("factory", "word"),
    [(make.activity, "no topic"), (make.response, "until somebody claimed it"), (make.hours, "not collected")],
)
def test_tables_say_unknown_as_a_dash_and_keys_in_words(factory, word):
    report = factory()
    said = [said for one in tables_of(report) for said in texts(tables.table(one, report.head))]
    assert {"–", word} <= set(said)


def test_an_account_that_is_gone_says_so():
    assert picker.account_name(make.head(), "99") == "an account that is gone"


def test_the_picker_shows_dates_only_where_dates_were_chosen():
    assert picker.dates_class("custom") == "picker-dates"
    assert "is-hidden" in picker.dates_class("28d")


@pytest.mark.parametrize("name", sorted(BODIES))
def test_the_page_has_one_place_for_its_body(name):
    found = list(parts(picker.page(make.head(), name, body(name))))
    assert found.count(picker.Ids.BODY) == 1
    assert len(found) == len(set(map(str, found)))
