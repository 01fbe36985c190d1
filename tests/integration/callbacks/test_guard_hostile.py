"""Whatever a browser sends: never a fault of ours. Every callback of the running program is asked, by somebody who may do all.

A fault inside a handler is answered with a notice and not with 500; here both count.
"""

from urllib.parse import quote, urlencode
from zlib import crc32

import pytest
from dash import Input, Output
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callbacks import admin, privacy, problems
from callbacks.fields import Fields
from callbacks.guard import DASH, needs, wire
from callbacks.house import KEY
from data.people import grant
from layouts.pages import PAGES
from models.audit import COMMAND
from models.permissions import BUILT_IN_ROLES, Permission
from tests.asking import address, body_of, callbacks_of, page_paths, rules
from tests.rows import NOW, add_conversation, add_member, add_workspace
from tests.visits import Visitor

ROUNDS = 100
ROUTE_WORDS = ("sign_in", "password", "code", "key", "id", "ids", "messages", "notes", "page", "conversation", "text")
ENDS_THE_SESSION = {"callbacks.signin.sign_out_now", "callbacks.events.events"}
ODD = (
    *("\0", "a\0b", "\ud800", "=1+1", "@SUM(A1)", "<script>document.title='ran'</script>", "\u202egnp", "' OR 1=1 --"),
    *(
        "{0.__class__}",
        "%s%n",
        "../../etc/passwd",
        "٣",
        "²",
        "1e999",
        "nan",
        "-1",
        "0",
        "9" * 30,
        "x" * 500_000,
        "x: [",
        "&a",
    ),
    *(
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "25:61",
        "user 1",
        "team 1",
        "1,2",
        "null",
        "\n",
        "\u00a0",
        "𝕏" * 300,
        "(" * 999,
    ),
)
odd = st.one_of(
    st.sampled_from(ODD),
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([1, 0, -1, 2**63, 1.5, 1e308, float("nan"), float("inf")]),
    st.text(max_size=20),
)
PREFIXES = ("day", "grade", "role", "account", "permission", "target", "to", "word")
ACTS = {"admin-act": admin.TABS, "privacy-act": privacy.TABS}
NAMES = (
    "id",
    "key",
    "act",
    "fields",
    "revision",
    "conversation",
    "conversations",
    "ids",
    "text",
    "kind",
    "at",
    "value",
)
text = st.sampled_from(ODD) | st.text(max_size=20)
likely = st.sampled_from(["1", "2", 1, True, "Fire", "a word", "2026-12-01", "08:00", "30", "user 1", ""])
anything = st.recursive(
    odd,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | odd.map(str), inner, max_size=4)
    ),
    max_leaves=8,
)


class AnyField(dict):
    """A form in which there is a field of whatever name: which of the values it holds depends on the name."""

    def __init__(self, values):
        self.values_at_hand = list(values) or [None]
        names = [f"{name}:1" for name in PREFIXES]
        super().__init__({name: self.get(name) for name in names})

    def get(self, name, _default=None):
        return self.values_at_hand[crc32(name.encode()) % len(self.values_at_hand)]

    def __getitem__(self, name):
        return self.get(name)


class World:
    """A workspace with a conversation, and somebody who holds every role there."""

    def __init__(self, server):
        self.server, self.database = server, server.extensions[KEY].database
        north = add_workspace(self.database)
        user = add_member(self.database, north, "ann", "Administrator")
        for role in sorted(set(BUILT_IN_ROLES) - {"Administrator"}):
            grant(self.database, north, user, role, NOW, COMMAND)
        self.conversation = add_conversation(self.database, north)
        self.ann = Visitor(server)
        self.sign_in()

    def sign_in(self):
        """She may have signed herself out on the way, or lost a role: then she comes back."""
        self.ann.sign_in("ann")
        self.ann.open("/wallboard/main?workspace=north")

    def faults(self, name, body):
        """What a body did wrong: nothing, mostly."""
        with capture_logs() as said:
            answer = self.ann.call(body)
        if answer.status_code == 500 or problems.UNKNOWN in answer.get_data(as_text=True):
            return {f"{one['problem']} in {one['where'][-1]} of {name}" for one in said if one["log_level"] == "error"}
        return set()


@pytest.fixture
def world(server):
    return World(server)


def searching(asked):
    """A query of an address in which whatever pages read holds this."""
    words = ("c", "view", "q", "at", "id", "account", "topic", "grade", "from", "to", "after", "day", "state", "holder")
    return "?" + urlencode({"workspace": "north"} | dict.fromkeys(words, asked), errors="surrogatepass")


def sent(entry, path, key, values, changed, search):
    """The body of a callback in which the page holds one odd thing after the other."""
    at_hand = iter(values)
    return body_of(entry, path, search, key, lambda _prop: next(at_hand, values[0]), changed)


paths = page_paths(PAGES)


@pytest.mark.timeout(3_000)
def test_no_value_that_a_page_could_hold_is_a_fault(world, rounds, monkeypatch):
    monkeypatch.setattr(Fields, "__init__", any_field)
    wrong = set()

    @settings(max_examples=rounds(ROUNDS), suppress_health_check=list(HealthCheck))
    @given(st.lists(anything, min_size=1, max_size=6), st.sampled_from(paths), st.sampled_from([0, 1, 2]), odd, text)
    def ask(values, path, changed, key, asked):
        key = world.conversation if key is None else key
        for name, _, entry in callbacks_of(world.server):
            wrong.update(world.faults(name, sent(entry, path, key, values, changed, searching(asked))))

    ask()
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.timeout(3_000)
def test_no_form_of_administration_or_privacy_is_a_fault_whatever_stands_in_it(world, rounds, monkeypatch):
    monkeypatch.setattr(Fields, "__init__", any_field)
    entries = {name: entry for name, _, entry in callbacks_of(world.server) if entry["inputs"][0]["id"] in ACTS}
    assert len(entries) == len(ACTS)
    wrong = set()

    @settings(max_examples=rounds(ROUNDS), suppress_health_check=list(HealthCheck))
    @given(st.lists(likely | anything, min_size=1, max_size=9), odd | likely, text)
    def fill_in(values, of, asked):
        world.sign_in()
        for name, entry in entries.items():
            tabs = ACTS[entry["inputs"][0]["id"]]
            for act, path in paths_of(tabs):
                filled = {"act": act, "of": of, "fields": dict(enumerate(values))}
                body = body_of(entry, path, searching(asked), value=lambda _prop, filled=filled: filled, changed=0)
                wrong.update(f"{act}: {fault}" for fault in world.faults(name, body))

    fill_in()
    assert not wrong, "\n".join(sorted(wrong))


def paths_of(tabs):
    """Every act, at the tab where it belongs and at the first."""
    for tab, module in tabs.modules.items():
        for act in module.ACTS:
            yield act, f"{tabs.path}/{tab}"
            yield act, tabs.path


@pytest.mark.timeout(3_000)
def test_no_body_is_a_fault_however_it_is_bent(world, rounds):
    entries = [(name, entry) for name, _, entry in callbacks_of(world.server)]
    wrong = set()

    @settings(max_examples=10 * rounds(ROUNDS), suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(entries), st.lists(st.integers(0, 9), min_size=1, max_size=5), st.just(GONE) | anything)
    def bend(entry, steps, value):
        body = body_of(entry[1], key=world.conversation, value=lambda _prop: 1, changed=0)
        wrong.update(world.faults(entry[0], bent(body, steps, value)))
        wrong.update(world.faults(entry[0], None if value is GONE else value))

    bend()
    assert not wrong, "\n".join(sorted(wrong))


GONE = "left out of the body"


def bent(body, steps, value):
    """The body with the value in place of the part that the steps lead to, or without that part."""
    at, (*way, last) = body, steps
    for step in way:
        below = [one for one in (at.values() if isinstance(at, dict) else at) if isinstance(one, dict | list) and one]
        at = below[step % len(below)] if below else at
    key = list(at)[last % len(at)] if isinstance(at, dict) else last % len(at)
    if value == GONE:
        del at[key]
    else:
        at[key] = value
    return body


def test_no_route_is_a_fault_whatever_it_is_sent(world, request):
    """Each route takes a quarter of the odd things in its turn, and with ``--proof`` all of them."""
    wrong, step = [], 1 if request.config.getoption("--proof") else 4
    for number, rule in enumerate(rules(world.server)):
        if rule.endpoint in {*ENDS_THE_SESSION, *DASH}:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            for odd_one in ODD[number % step :: step]:
                if 500 in statuses(world.ann, rule, method, odd_one):
                    wrong.append((rule.endpoint, method, odd_one[:40]))
    assert wrong == []


def statuses(visitor, rule, method, value):
    """Ask a route with the same odd thing wherever it takes one, in a form and as JSON."""
    takes_keys = any("int:" in part for part in str(rule).split("<"))
    part = "1" if takes_keys else quote(value[:300], errors="surrogatepass")
    where = address(rule, part) + searching(value[:2_000])
    words = dict.fromkeys(ROUTE_WORDS, value)
    fields = {name: one.encode(errors="surrogatepass") for name, one in words.items()}
    bodies = [{"data": fields}, {"json": words}, {"json": list(words.values())}] if method == "POST" else [{}]
    for sent in bodies:
        headers = {"X-CSRFToken": visitor.page_token()}
        answer = visitor.client.open(where, method=method, headers=headers, environ_base=visitor.address, **sent)
        answer.close()
        yield answer.status_code


def test_ten_million_characters_are_refused_by_every_route(world):
    for rule in rules(world.server):
        if "POST" in rule.methods and rule.endpoint not in ENDS_THE_SESSION:
            answer = world.ann.client.post(
                f"{address(rule)}?workspace=north",
                data=b'"' + b"x" * 10_000_000 + b'"',
                headers={"X-CSRFToken": world.ann.page_token(), "Content-Type": "application/json"},
                environ_base=world.ann.address,
            )
            assert 400 <= answer.status_code < 500, (rule, answer.status_code)


@needs(Permission.READ)
def trusts(scope, value):
    """The planted bug: what a browser sends is believed to be a number."""
    return str(int(value))


def test_a_handler_that_trusts_what_it_is_sent_is_caught(build):
    made = build()
    wire(made.extensions[KEY].dash, trusts, Output("planted", "children"), [Input("planted", "value")])
    world = World(made)
    (entry,) = [entry for _, _, entry in callbacks_of(made) if entry["output"] == "planted.children"]
    body = body_of(entry, value=lambda _prop: "x", changed=0)
    (fault,) = world.faults("planted", body)
    assert fault.startswith("ValueError in test_guard_hostile.py")


def any_field(self, sent):
    """Stands in for the fields of a form: there is one of every name."""
    self._values = AnyField(sent.values() if isinstance(sent, dict) else [sent])
