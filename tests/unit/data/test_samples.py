import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from models.calendars import CalendarVersion
from models.permissions import BUILT_IN_ROLES

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
INBOUND_FIELDS = {
    "id", "text", "kind", "language", "topic", "expect", "hour", "follow_up", "replies", "outcome", "workspaces"
}  # fmt: skip
OUR_HANDLES = {"@northshire", "@NorthshireRoads", "@northshire@social.example", "@EastfieldHub"}
SERVICE_NUMBERS = {"116 123", "18000"}
REAL_FORCES = (
    "Avon and Somerset|Bedfordshire|Cambridgeshire|Cheshire|Cleveland|Cumbria|Derbyshire|Devon|Dorset|Durham|Dyfed|Essex|"
    "Gloucestershire|Greater Manchester|Gwent|Hampshire|Hertfordshire|Humberside|Kent|Lancashire|Leicestershire|"
    "Lincolnshire|Merseyside|Metropolitan Police|Norfolk|North Wales|Yorkshire|Northamptonshire|Northumbria|"
    "Nottinghamshire|South Wales|Staffordshire|Suffolk|Surrey|Sussex|Thames Valley|Warwickshire|West Mercia|"
    "West Midlands|Wiltshire|Police Scotland|PSNI"
)
NATIVE = {
    "cy": re.compile(
        r"\b(yn|mae|ydy|ydych|sut|ble|pam|diolch|faint|hoffwn|cafodd|parti|oes|croeso|ydyn|ffoniwch)\b", re.IGNORECASE
    ),
    "pl": re.compile(r"[ąćęłńóśźż]"),
    "ur": re.compile("[\u0679\u067e\u0686\u0688\u0691\u06a9\u06af\u06ba\u06be\u06c1\u06cc\u06d2]"),
}


@cache
def read(name: str):
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


@cache
def texts() -> list[tuple[str, str]]:
    """Every text that somebody could read, with the place that it stands in."""
    found = []
    for message in read("inbound.json"):
        spoken = [message["text"], *message["follow_up"], *message["replies"]]
        found += [(message["id"], text) for text in spoken]
    incident = read("incident.json")
    found += [(post["id"], post["text"]) for post in incident["posts"]]
    return found + [(f"official at {reply['offset']} s", reply["text"]) for reply in incident["official"]]


def weighted_length(text: str) -> int:
    """X's own count: an address is 23, most letters 1, emoji and the rest 2 (twitter-text, configuration v3)."""
    text = re.sub(r"\bexample\.(?:org|com)\S*", "x" * 23, text)
    light = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    return sum(1 if any(low <= ord(letter) <= high for low, high in light) else 2 for letter in text)


def test_there_are_enough_messages_and_each_is_itself():
    messages = read("inbound.json")
    assert len(messages) >= 320
    assert len({message["id"] for message in messages}) == len(messages)
    assert len({message["text"].casefold() for message in messages}) == len(messages)


def test_every_message_has_its_fields_and_no_others():
    for message in read("inbound.json"):
        assert INBOUND_FIELDS <= set(message) <= INBOUND_FIELDS | {"media", "long"}, message["id"]
        assert message["text"].strip() == message["text"] != ""
        assert len(message["follow_up"]) <= 2
        assert len(message["replies"]) <= 2


def test_every_message_uses_known_words():
    places = read("places.json")
    topics = {topic["key"] for topic in places["topics"]}
    outcomes = {outcome["word"] for outcome in places["outcomes"]}
    slugs = {workspace["slug"] for workspace in places["workspaces"]}
    for message in read("inbound.json"):
        assert message["kind"] in {"public", "private"}, message["id"]
        assert message["hour"] in {"any", "day", "evening", "night"}, message["id"]
        assert message["expect"] in {"Emergency", "Priority", "Standard", "spam"}, message["id"]
        assert message["topic"] in topics, message["id"]
        assert message["outcome"] in outcomes, message["id"]
        assert message["workspaces"], message["id"]
        assert set(message["workspaces"]) <= slugs, message["id"]
        assert set(message.get("media", [])) <= {"photo", "video"}, message["id"]


def test_every_topic_is_written_about():
    assert {topic["key"] for topic in read("places.json")["topics"]} == {m["topic"] for m in read("inbound.json")}


def test_the_mix_of_grades_is_that_of_a_real_day():
    messages = read("inbound.json")
    share = {grade: n / len(messages) for grade, n in Counter(m["expect"] for m in messages).items()}
    assert 0.02 <= share["Emergency"] <= 0.05
    assert 0.12 <= share["Priority"] <= 0.20
    assert 0.70 <= share["Standard"] <= 0.80
    quiet = [m for m in messages if m["outcome"] in {"spam", "no reply needed"}]
    assert 0.03 <= len(quiet) / len(messages) <= 0.10


def test_only_what_needs_no_reply_has_none():
    for message in read("inbound.json"):
        silent = message["outcome"] in {"spam", "no reply needed"}
        assert bool(message["replies"]) is not silent, message["id"]
        assert (message["expect"] == "spam") is (message["outcome"] == "spam") is (message["topic"] == "spam")


def test_nobody_in_danger_is_left_without_a_word_about_999_or_help():
    for message in read("inbound.json"):
        if message["expect"] == "Emergency":
            assert re.search(r"999|on (its|their) way|Someone is coming", message["replies"][0]), message["id"]


@pytest.mark.parametrize("language", ["cy", "pl", "ur"])
def test_each_language_has_ten_messages_that_look_like_it(language):
    messages = [m for m in read("inbound.json") if m["language"] == language]
    assert len(messages) >= 10
    for message in messages:
        assert NATIVE[language].search(message["text"]), message["id"]
        assert all(NATIVE[language].search(reply) for reply in message["replies"]), message["id"]
    assert {"Emergency", "Priority", "Standard"} == {m["expect"] for m in messages}


def test_urdu_is_nowhere_else():
    for message in read("inbound.json"):
        if message["language"] in {"en", "cy", "pl"}:
            assert not re.search("[\u0600-\u06ff]", message["text"]), message["id"]


def test_a_text_too_long_for_x_says_so_and_no_reply_is():
    for message in read("inbound.json"):
        longest = max(weighted_length(text) for text in [message["text"], *message["follow_up"]])
        assert message.get("long", False) is (longest > 280), message["id"]
        assert all(weighted_length(reply) <= 280 for reply in message["replies"]), message["id"]
    incident = read("incident.json")
    for post in [*incident["posts"], *incident["official"]]:
        assert weighted_length(post["text"]) <= 280, post["text"]


def test_no_text_names_a_real_handle_or_force():
    for where, text in texts():
        assert set(re.findall(r"(?<!\w)@[\w@.]*\w", text)) <= OUR_HANDLES, where
        assert not re.search(rf"\b(?:{REAL_FORCES})\b", text), where


def test_no_text_leads_to_a_real_address():
    for where, text in texts():
        assert not re.search(r"https?:|www\.", text), where
        for address in re.findall(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", text):
            assert address in {"example.org", "example.com"}, (where, address)


def test_telephone_numbers_are_from_the_range_for_drama():
    for where, text in texts():
        for number in re.findall(r"\+?\d[\d ]{4,}\d", text):
            assert number in SERVICE_NUMBERS or re.fullmatch(r"07700 900\d{3}", number), (where, number)


def test_the_incident_brings_a_post_every_ten_seconds_for_ten_minutes():
    posts = read("incident.json")["posts"]
    assert len(posts) == 70
    assert [post["offset"] for post in posts] == list(range(0, 700, 10))
    assert len({post["id"] for post in posts}) == 70
    assert {post["kind"] for post in posts} == {"public", "private"}
    assert {post["language"] for post in posts} == {"en", "cy", "pl", "ur"}
    assert {post["expect"] for post in posts} == {"Emergency", "Priority", "Standard"}


def test_some_people_of_the_incident_write_again():
    incident = read("incident.json")
    times = Counter(post["contact"] for post in incident["posts"])
    assert sorted(times) == list(range(incident["contacts"]))
    assert sum(1 for n in times.values() if n > 1) >= 3
    topics = {topic["key"] for topic in read("places.json")["topics"]}
    assert {post["topic"] for post in incident["posts"]} <= topics


def test_an_official_reply_answers_a_post_that_came_before_it():
    incident = read("incident.json")
    offsets = {post["id"]: post["offset"] for post in incident["posts"]}
    assert len(incident["official"]) == 6
    for reply in incident["official"]:
        assert reply["answers"] is None or offsets[reply["answers"]] < reply["offset"]


def test_there_are_four_hundred_people_and_no_two_share_a_handle():
    contacts = read("contacts.json")
    assert len(contacts) == 400
    assert len({contact["id"] for contact in contacts}) == 400
    assert len({(contact["channel"], contact["handle"].casefold()) for contact in contacts}) == 400
    channels = {channel["key"] for channel in read("places.json")["channels"]}
    assert {contact["channel"] for contact in contacts} == channels
    for channel in channels:
        assert {c["language"] for c in contacts if c["channel"] == channel} == {"en", "cy", "pl", "ur"}


def test_every_handle_shows_that_it_is_invented():
    forms = {
        "x": r"(?=.{4,15}$)[a-z0-9_]+_(nsh|efd|wmr|thx)",
        "facebook": r"[a-z]+\.[a-z]+\.(nsh|efd|wmr|thx)",
        "mastodon": r"[a-z0-9]+@social\.example",
    }
    for contact in read("contacts.json"):
        assert re.fullmatch(forms[contact["channel"]], contact["handle"]), contact["handle"]


def test_a_few_people_write_often_and_nobody_owns_the_queue():
    weights = sorted((contact["weight"] for contact in read("contacts.json")), reverse=True)
    assert weights[-1] > 0
    assert weights[0] / sum(weights) < 0.05
    assert sum(weights[:40]) / sum(weights) > 0.2


def test_followers_are_unknown_where_the_network_hides_them():
    for contact in read("contacts.json"):
        assert (contact["followers"] is None) is (contact["channel"] == "facebook"), contact["id"]


def test_names_for_passers_by_exist_in_every_language():
    names = read("names.json")
    for language in ("en", "cy", "pl", "ur"):
        for part in ("given", "family"):
            assert len(names[language][part]) >= 15
            assert len(set(names[language][part])) == len(names[language][part])


def test_more_than_half_of_the_week_arrives_out_of_hours():
    weights = read("profile.json")["weights"]
    assert len(weights) == 168
    assert min(weights) > 0
    staffed = sum(weights[day * 24 + hour] for day in range(5) for hour in range(8, 18))
    assert 0.5 <= 1 - staffed / sum(weights) <= 0.7


def test_the_week_peaks_in_the_evening_sleeps_at_three_and_wakes_on_friday_night():
    weights = read("profile.json")["weights"]
    days = [weights[day * 24 : day * 24 + 24] for day in range(7)]
    for day in days[:5]:
        assert 18 <= day.index(max(day)) <= 22
        assert 2 <= day.index(min(day)) < 5
    assert min(days[4][23], days[5][23]) > 1.5 * days[1][23]


def test_there_are_two_workspaces_and_six_accounts_on_three_channels():
    places = read("places.json")
    accounts = places["accounts"]
    assert [workspace["slug"] for workspace in places["workspaces"]] == ["northshire", "eastfield"]
    assert len({(account["channel"], account["handle"]) for account in accounts}) == 6
    assert {account["channel"] for account in accounts} == {"x", "facebook", "mastodon"}
    assert {account["workspace"] for account in accounts} == {"northshire", "eastfield"}
    assert sum(channel["weight"] for channel in places["channels"]) == pytest.approx(1)
    topics = {topic["key"] for topic in places["topics"]}
    assert all(set(account["favours"]) <= topics for account in accounts)


def test_every_role_is_held_by_somebody_and_only_built_in_ones_are():
    colleagues = read("places.json")["colleagues"]
    held = Counter(role for c in colleagues for roles in c["roles"].values() for role in roles)
    assert set(held) == set(BUILT_IN_ROLES)
    assert sum(1 for c in colleagues if "Operator" in c["roles"].get("northshire", [])) == 3
    assert len({c["sign_in"] for c in colleagues}) == len(colleagues) == 11
    installers = [c for c in colleagues if c.get("installation_administrator")]
    assert [c["roles"] for c in installers] == [{}]


def test_teams_hold_colleagues_of_their_own_workspace():
    places = read("places.json")
    roles = {colleague["sign_in"]: colleague["roles"] for colleague in places["colleagues"]}
    for workspace in places["workspaces"]:
        for team in workspace["teams"]:
            assert team["members"], team["name"]
            assert all(workspace["slug"] in roles[member] for member in team["members"]), team["name"]


def test_the_calendars_open_when_the_desks_are_staffed():
    northshire, eastfield = (
        [CalendarVersion.from_json(facts) for facts in workspace["calendar"]]
        for workspace in read("places.json")["workspaces"]
    )
    assert [(w.weekday, w.opens.hour, w.closes.hour) for w in northshire[0].windows] == [(d, 8, 18) for d in range(5)]
    assert [(w.weekday, w.opens.hour, w.closes.hour) for w in eastfield[0].windows] == [
        *((day, 9, 17) for day in range(5)),
        (5, 10, 14),
    ]
    assert {version.nation for version in [*northshire, *eastfield]} == {"England"}


def test_swapped_streets_never_touch_the_incident():
    streets = read("places.json")["swaps"]["streets"]
    assert len(set(streets)) == len(streets) >= 15
    assert not {"Canal Street", "Wharf Street"} & set(streets)
