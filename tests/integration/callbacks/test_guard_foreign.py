"""Nothing of another workspace, to anybody, by any route or callback: enumerated from the running program, with random keys.

The other workspace has a row in every table, marked in every text. Whatever is asked, the mark must not come back, and
nothing there may have changed.
"""

import random

import pytest
from dash import Input, Output, State
from sqlalchemy import select

from callbacks.guard import DASH, Open, mark_of, needs, wire
from callbacks.house import KEY, house
from data.audit import actor_of, change
from data.kiosks import create_kiosk
from data.people import disable_user, grant
from data.roles import change_role, create_role
from data.tokens import create_token
from layouts.pages import PAGES
from models.audit import COMMAND
from models.conversation import Conversation
from models.permissions import BUILT_IN_ROLES, KIOSK_PERMISSIONS, Permission
from models.tokens import OPENS, Reach
from tests.asking import a_path, address, body_of, callbacks_of, rules
from tests.foreign import FIRST, MARK, fill, missing, picture
from tests.rows import NOW, add_conversation, add_member, add_workspace, scope_of, session
from tests.visits import Asker, Visitor

CALLS = 5_000
SEED = 20_261_125
ENDS_THE_SESSION = {"callbacks.signin.sign_out_now"}
KIOSK, NOBODY, CUSTOM, DISABLED = "kiosk", "nobody", "reader", "disabled"
OF_CUSTOM = (Permission.VIEW_BOARD, Permission.READ, Permission.REPORT, Permission.EXPORT)
HELD = {**BUILT_IN_ROLES, KIOSK: KIOSK_PERMISSIONS, CUSTOM: frozenset(OF_CUSTOM)}
"""What those hold who may do anything at all."""
WORDS = ("", "x", "nobody", "team", "user", "0", "-1", "999999", "north", "south")


class World:
    """North, where the callers belong, and South, of which they must learn nothing."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.north, self.south = add_workspace(database), add_workspace(database, "south")
        self.conversation = add_conversation(database, self.north)
        self.sam = add_member(database, self.south, "sam", "Administrator")
        fill(database, self.south, self.sam)
        self.theirs = add_conversation(database, self.south, text=f"{MARK} said this")
        self.chance = random.Random(SEED)
        self.people = {role: self.member(role) for role in BUILT_IN_ROLES}
        self.people |= {CUSTOM: self.custom(), KIOSK: self.kiosk(), NOBODY: Visitor(server), DISABLED: self.disabled()}
        self.people |= {f"token {reach}": self.token(reach) for reach in Reach}

    def member(self, who, role=""):
        name = who.split()[0].lower()
        self.newest = add_member(self.database, self.north, name, role or who)
        visitor = Visitor(self.server)
        visitor.sign_in(name)
        return visitor.open("/wallboard/main?workspace=north")

    def custom(self):
        """Somebody with a role of the workspace's own making."""
        maker = add_member(self.database, self.north, "maker", "Administrator")
        self.maker = scope_of(self.north, maker, "Administrator")
        self.role = create_role(self.database, self.maker, CUSTOM, OF_CUSTOM, NOW)
        return self.member(CUSTOM)

    def disabled(self):
        """The open browser of somebody who was disabled since."""
        visitor = self.member(DISABLED, "Administrator")
        disable_user(self.database, self.newest, NOW, COMMAND)
        return visitor

    def token(self, reach):
        """A program with a token of somebody who may do nearly all."""
        owner = add_member(self.database, self.north, f"owner-{reach}", "Administrator")
        for role in ("Supervisor", "Analyst"):
            grant(self.database, self.north, owner, role, NOW, COMMAND)
        own = session(self.database, owner)
        return Asker(self.server, create_token(self.database, own, "north", "Program", [reach], 30, NOW))

    def kiosk(self):
        visitor = Visitor(self.server)
        return visitor.open(f"/kiosk/{create_kiosk(self.database, self.north, 'Wall', 'main', NOW, COMMAND)}")

    def key(self):
        """A key of South's, mostly; or one that nobody has."""
        return self.chance.choice((FIRST, FIRST + 1, self.theirs, self.theirs, FIRST + 2, 10**9))

    def value(self, prop):
        """What a page might hold: often a key, as a number, in words, or in a structure."""
        key = self.key()
        if prop == "n_clicks":
            return 1
        if prop in {"children", "className", "hidden", "disabled"}:
            return self.chance.choice((None, "x"))
        if prop == "data":
            return self.chance.choice((None, {"revision": 9}, {"id": key}, {"conversation": key}, [key], key, str(key)))
        if prop.startswith("data-"):
            return self.chance.choice((str(key), ""))
        plain = (key, str(key), f"user {key}", f"team {key}", [str(key)], [key], None, self.chance.choice(WORDS))
        return self.chance.choice(plain)

    def search(self):
        slug = self.chance.choice(("north", "north", "north", "south"))
        name = self.chance.choice(
            ("c", "id", "key", "account", "incident", "view", "team", "topic", "user", "holder", "q")
        )
        word = self.chance.choice((str(self.key()), str(self.key()), MARK[:3]))
        return f"?workspace={slug}&{name}={word}"

    def path(self):
        page = self.chance.choice(PAGES)
        return a_path(page, self.key()) or page.path

    def ask(self, visitor, entry):
        """One callback; of a person's making more often than not."""
        changed = self.chance.choice((None, 0, 0, 1, 2))
        body = body_of(entry, self.path(), self.search(), self.key(), self.value, changed)
        return visitor.call(body)

    def visit(self, visitor, rule, method):
        """One route, with keys of South wherever one could stand."""
        key = self.key()
        body = dict.fromkeys(("conversation", "id", "key", "account", "draft", "message"), key)
        body |= {"page": "0123456789abcdef", "messages": [key], "ids": [key], "text": "x", "typed": True}
        where = f"{address(rule, str(key))}{self.search()}&conversation={self.key()}&id={self.key()}"
        sent = {"json": body} if method == "POST" else {}
        headers = {"X-CSRFToken": visitor.page_token()}
        return visitor.client.open(where, method=method, headers=headers, environ_base=visitor.address, **sent)

    def turn(self, visitor, what):
        """One page as people open it, one route, or one callback."""
        kind, *facts = what
        if kind == "callback":
            return self.ask(visitor, *facts)
        if kind == "route":
            return self.visit(visitor, *facts)
        return visitor.get(f"{self.path()}{self.search()}")


def everything(server):
    """What there is to ask, enumerated."""
    found = [("callback", entry) for _, _, entry in callbacks_of(server)]
    for rule in rules(server):
        if rule.endpoint not in ENDS_THE_SESSION and rule.endpoint not in DASH:
            found += [("route", rule, method) for method in sorted(rule.methods & {"GET", "POST"})]
    return [*found, *[("page",)] * len(PAGES)]


def leaks(world, number):
    """What came back of South in so many calls, and what answered with a fault."""
    wrong, asked = [], everything(world.server)
    for turn in range(number):
        what = asked[turn % len(asked)]
        who = world.chance.choice(list(world.people))
        answer = world.turn(world.people[who], what)
        if MARK in answer.text and MARK[:3] + "=" not in answer.text:
            wrong.append(f"{who} was told of South by {name_of(what)}")
        if answer.status_code == 500:
            wrong.append(f"{who} met a fault in {name_of(what)}")
        answer.close()
    return wrong


def name_of(what):
    return f"{what[0]} {what[1]['output'] if what[0] == 'callback' else ' '.join(map(str, what[1:]))}"


@pytest.fixture
def world(server, database):
    return World(server, database)


def test_the_other_workspace_has_a_row_in_every_table(world):
    assert missing(world.database, world.south) == []


@pytest.mark.timeout(3_000)
def test_no_call_with_random_keys_tells_or_touches_anything_of_another_workspace(world, rounds):
    before = picture(world.database, world.south, [world.sam])
    assert leaks(world, rounds(CALLS)) == []
    after = picture(world.database, world.south, [world.sam])
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


@needs(Permission.READ)
def tells(scope, clicks, buttons):
    """The planted bug: a conversation by its key alone."""
    with house().database.read() as db:
        return db.scalar(select(Conversation.first_line).where(Conversation.id == int(buttons[0]["id"])))


@needs(Permission.READ)
def touches(scope, clicks, buttons):
    """The planted bug that changes one."""
    key = int(buttons[0]["id"])
    with house().database.read() as db:
        home = db.scalar(select(Conversation.workspace_id).where(Conversation.id == key))
    with change(house().database, home or scope.workspace_id, actor_of(scope), house().clock()) as c:
        found = c.db.get(Conversation, key)
        if found is not None:
            found.media = not found.media
            c.state("touch", "conversation", key)
    return "done"


@pytest.mark.parametrize("planted", [tells, touches])
def test_a_handler_that_forgets_the_workspace_is_caught(build, planted):
    from dash import ALL

    made = build()
    part = {"type": "planted", "id": ALL}
    wire(
        made.extensions[KEY].dash,
        planted,
        Output("planted", "children"),
        [Input(part, "n_clicks")],
        [State(part, "id")],
    )
    database = made.extensions[KEY].database
    world = World(made, database)
    before = picture(database, world.south, [world.sam])
    (entry,) = [entry for _, _, entry in callbacks_of(made) if entry["output"] == "planted.children"]
    answers = [world.ask(world.people["Operator"], entry).text for _ in range(12)]
    told = any(MARK in one for one in answers)
    assert told or picture(database, world.south, [world.sam]) != before


@pytest.mark.parametrize("who", sorted(HELD))
def test_no_role_of_one_workspace_is_anything_in_another(world, who):
    visitor = world.people[who]
    for name, handler, entry in callbacks_of(world.server):
        if mark_of(handler) is not Open.SOMEBODY:
            assert visitor.call(body_of(entry, search="?workspace=south")).status_code == 403, name
    for rule in rules(world.server):
        if isinstance(mark_of(world.server.view_functions[rule.endpoint]), Permission):
            for method in rule.methods & {"GET", "POST"}:
                where = f"{address(rule)}?workspace=south"
                headers = {"X-CSRFToken": visitor.page_token()}
                answer = visitor.client.open(
                    where, method=method, headers=headers, json={}, environ_base=visitor.address
                )
                assert answer.status_code == 404, (rule, method)
    for page in PAGES:
        assert visitor.get(f"{a_path(page)}?workspace=south").status_code == 404, page.name


@pytest.mark.parametrize("who", sorted(HELD))
def test_a_route_answers_exactly_those_who_hold_its_permission(world, who):
    held, visitor = HELD[who], world.people[who]
    for rule in rules(world.server):
        mark = mark_of(world.server.view_functions[rule.endpoint])
        if isinstance(mark, Permission):
            for method in rule.methods & {"GET", "POST"}:
                where = f"{address(rule)}?workspace=north"
                headers = {"X-CSRFToken": visitor.page_token()}
                answer = visitor.client.open(
                    where, method=method, headers=headers, json={}, environ_base=visitor.address
                )
                assert (answer.status_code == 403) is (mark not in held), (rule, method, mark)


def test_nothing_answers_somebody_who_was_disabled(world):
    visitor = world.people[DISABLED]
    token = visitor.form_token()
    for name, _, entry in callbacks_of(world.server):
        assert visitor.call(body_of(entry), token=token).status_code == 401, name
    for rule in rules(world.server):
        if isinstance(mark_of(world.server.view_functions[rule.endpoint]), Permission):
            for method in rule.methods & {"GET", "POST"}:
                where, headers = f"{address(rule)}?workspace=north", {"X-CSRFToken": token}
                answer = visitor.client.open(
                    where, method=method, headers=headers, json={}, environ_base=visitor.address
                )
                assert answer.status_code == 401, (rule, method)
    for page in PAGES:
        assert visitor.get(f"{a_path(page)}?workspace=north").status_code == 302, page.name


@pytest.mark.parametrize("reach", list(Reach))
def test_a_token_opens_its_own_part_of_the_api_and_nothing_else(world, reach):
    asker = world.people[f"token {reach}"]
    token = asker.form_token()
    for name, _, entry in callbacks_of(world.server):
        assert asker.call(body_of(entry), token=token).status_code == 401, name
    for rule in rules(world.server):
        mark = mark_of(world.server.view_functions[rule.endpoint])
        if isinstance(mark, Permission) and "GET" in rule.methods:
            status = asker.client.get(f"{address(rule)}?workspace=north", environ_base=asker.address).status_code
            expected = 401 if not rule.rule.startswith("/api/") else 200 if mark is OPENS[reach] else 403
            assert status == expected, rule
            if expected == 200:
                elsewhere = asker.client.get(f"{address(rule)}?workspace=south", environ_base=asker.address)
                assert elsewhere.status_code == 404, rule


def test_what_a_role_may_do_counts_from_the_next_call_on(world):
    visitor = world.people[CUSTOM]
    for permissions in (OF_CUSTOM, (Permission.READ, Permission.CLAIM), (Permission.READ_AUDIT, Permission.REPORT)):
        change_role(world.database, world.maker, world.role, CUSTOM, permissions, NOW)
        for name, handler, entry in callbacks_of(world.server):
            mark = mark_of(handler)
            allowed = mark is Open.SOMEBODY or mark in permissions
            assert (visitor.call(body_of(entry)).status_code == 403) is not allowed, (name, permissions)


def test_every_callback_takes_the_body_that_is_asked_of_it(world):
    """Otherwise the calls above would be turned away at the door and show nothing."""
    for name, handler, entry in callbacks_of(world.server):
        mark = mark_of(handler)
        who = next(role for role in BUILT_IN_ROLES if mark is Open.SOMEBODY or mark in BUILT_IN_ROLES[role])
        answers = {
            world.people[who].call(body_of(entry, value=world.value, changed=turn)).status_code for turn in (0, 1)
        }
        assert answers <= {200, 204, 404}, (name, answers)
