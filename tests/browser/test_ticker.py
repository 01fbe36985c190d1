"""Ages and due times are said in the same words by the server and by the page that goes on counting."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layouts import wording

TICKER = Path(__file__).resolve().parents[2] / "assets" / "40-ticker.js"
NOW = datetime(2026, 11, 2, 14, 32, 7, tzinfo=UTC)

SECONDS = sorted(
    {0, 1, 59, 60, 61, 119, 3_599, 3_600, 3_660, 5_400, 35_999, 86_399, 86_400, 90_000, 172_799, 900_000}
    | set(range(0, 200_000, 977))
)
LENGTHS = [timedelta(seconds=seconds) for seconds in SECONDS] + [timedelta(milliseconds=59_999), timedelta(seconds=-5)]


@pytest.fixture
def ticker(page):
    page.set_content("<!doctype html><html lang='en'><title>Ticker</title><main></main></html>")
    page.evaluate(TICKER.read_text(encoding="utf-8") + "; undefined")
    return page


def milliseconds(at):
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)


@pytest.mark.parametrize(("name", "said"), [("age", wording.age), ("shortAge", wording.short_age)])
def test_ages_are_said_alike(ticker, name, said):
    lengths = [length / timedelta(milliseconds=1) for length in LENGTHS]
    found = ticker.evaluate("([name, lengths]) => lengths.map((one) => watchroom.say[name](one))", [name, lengths])
    assert found == [said(length) for length in LENGTHS]


def test_due_times_are_said_alike(ticker):
    instants = [NOW + sign * length for length in LENGTHS for sign in (1, -1)]
    found = ticker.evaluate(
        "([now, instants]) => instants.map((one) => watchroom.say.due(now, one))",
        [milliseconds(NOW), list(map(milliseconds, instants))],
    )
    assert found == [wording.due(NOW, at) for at in instants]


def test_a_figure_and_its_unit_are_parted_alike(ticker):
    texts = [wording.age(length) for length in LENGTHS]
    found = ticker.evaluate("(texts) => texts.map((one) => Object.values(watchroom.say.split(one)))", texts)
    assert [tuple(parts) for parts in found] == [wording.split(text) for text in texts]


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "Asia/Karachi"])
def test_the_time_of_day_is_said_alike_in_summer_and_winter(ticker, zone):
    instants = [NOW, NOW - timedelta(days=100), datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), NOW.replace(hour=0)]
    for name, said in (("clock", wording.clock), ("hourMinute", wording.hour_minute)):
        found = ticker.evaluate(
            "([name, zone, instants]) => instants.map((one) => watchroom.say[name](one, zone))",
            [name, zone, list(map(milliseconds, instants))],
        )
        assert found == [said(at, zone) for at in instants]


def test_what_counts_is_counted_by_the_servers_time(ticker):
    server = NOW + timedelta(days=400)
    ticker.evaluate(
        """([now, since, soon]) => {
          watchroom.setNow(now);
          const parts = [["since", since, "figure"], ["since", since, "unit"], ["since", since], ["due", soon], ["due", since]];
          for (const [kind, instant, part] of parts) {
            const element = document.createElement("span");
            element.dataset[kind] = instant;
            if (part) { element.dataset.part = part; }
            document.querySelector("main").append(element);
          }
          watchroom.tick();
        }""",
        [
            server.isoformat(),
            (server - timedelta(minutes=47, seconds=30)).isoformat(),
            (server + timedelta(minutes=3, seconds=4.5)).isoformat(),
        ],
    )
    assert ticker.locator("span").all_text_contents() == ["47", "min", "47 min", "due in 3:04", "47 min over"]
    assert [span.get_attribute("data-over") for span in ticker.locator("[data-due]").all()] == ["false", "true"]


def test_the_clock_goes_on_by_itself(ticker):
    ticker.evaluate(
        """(now) => {
          watchroom.setNow(now);
          document.querySelector("main").append(Object.assign(document.createElement("time"), { textContent: "--" }));
          document.querySelector("time").dataset.clock = "";
          document.querySelector("time").dataset.zone = "Europe/London";
        }""",
        NOW.isoformat(),
    )
    ticker.wait_for_function("document.querySelector('time').textContent >= '14:32:09'")


def test_what_begins_later_shows_from_its_time_on(ticker):
    begins = [NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)]
    found = ticker.evaluate(
        """([now, begins]) => {
          const made = begins.map(() => Object.assign(document.createElement("b"), { hidden: true }));
          made.forEach((one, index) => { one.dataset.from = begins[index]; });
          document.body.append(...made);
          watchroom.setNow(now);
          watchroom.tick();
          return made.map((one) => one.hidden);
        }""",
        [NOW.isoformat(), [at.isoformat() for at in begins]],
    )
    assert found == [False, True]
