"""Each rule is shown a breach and a sound example: a check that cannot fail checks nothing."""

import pytest

from tests.architecture import checks


def lines(n, indent=""):
    return "".join(f"{indent}x = {i}\n" for i in range(n))


def test_a_function_of_41_lines_is_too_long():
    assert checks.long_functions("def f():\n" + lines(40, "    ")) == ["f is 41 lines long (line 1)"]
    assert checks.long_functions("def f():\n" + lines(39, "    ")) == []


def test_a_method_is_measured_too():
    assert checks.long_functions("class A:\n    async def f(self):\n" + lines(40, "        "))


def test_a_module_of_401_lines_is_too_long():
    assert checks.long_module(lines(401)) == ["401 lines"]
    assert checks.long_module(lines(400)) == []


def test_a_handler_inside_register_is_found():
    source = "def register(app):\n    def draw(n):\n        return n\n    app.callback(o)(draw)\n"
    assert checks.nested_functions(source) == ["draw is defined inside register (line 2)"]


def test_a_decorator_may_hold_its_wrapper():
    source = """
def needs(permission):
    def decorate(handler):
        @wraps(handler)
        def guarded(*args):
            return handler(*args)
        return guarded
    return decorate
"""
    assert checks.nested_functions(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "@callback(o, i)\ndef f(): ...",
        "@app.callback(o, i)\ndef f(): ...",
        "@server.route('/x')\ndef f(): ...",
        "from dash import callback",
        "from dash import Input, clientside_callback as c",
    ],
)
def test_wiring_by_decorator_is_found(source):
    assert len(checks.wiring_by_decorator(source)) == 1


def test_wiring_by_table_is_sound():
    source = "from dash import Input\ndef register(app):\n    app.callback(o, i)(draw)\n@needs(P)\ndef draw(): ..."
    assert checks.wiring_by_decorator(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now(tz)",
        "f(clock=datetime.now)",
        "datetime.utcnow()",
        "date.today()",
        "time.time()",
        "time.time_ns()",
        "from time import time",
        "func.now()",
        "pd.Timestamp.now()",
    ],
)
def test_reading_the_clock_is_found(source):
    assert len(checks.clocks(source)) == 1


@pytest.mark.parametrize("source", ["clock()", "time.monotonic()", "self.now", "scope.today", "from time import sleep"])
def test_time_that_comes_in_is_sound(source):
    assert checks.clocks(source) == []


@pytest.mark.parametrize(
    "source",
    [
        'Input("list", "n_clicks")',
        "Output(f'row-{n}', 'children')",
        'State({"type": "row"}, "value")',
        'dash.Input(component_id="list", component_property="value")',
    ],
)
def test_an_id_in_quotes_is_found(source):
    assert len(checks.quoted_ids(source)) == 1


@pytest.mark.parametrize("source", ['Input(Ids.LIST, "n_clicks")', 'Output(row(ALL), "children")', 'f("x")'])
def test_an_id_that_is_a_token_is_sound(source):
    assert checks.quoted_ids(source) == []


@pytest.mark.parametrize("source", ["time.sleep(1)", "await asyncio.sleep(0.1)", "page.wait_for_timeout(500)"])
def test_sleeping_is_found(source):
    assert len(checks.sleeps(source)) == 1


def test_waiting_for_what_should_happen_is_sound():
    assert checks.sleeps("page.wait_for_selector('#row')\nevent.wait(5)") == []


def test_imports_are_found_in_both_forms():
    assert {"app", "data.desk", "data.desk.claim"} <= checks.imports("import app\nfrom data.desk import claim")


@pytest.mark.parametrize("path", ["data/utils.py", "models/misc/x.py", "callbacks/queue_helpers.py", "data/manager.py"])
def test_a_drawer_is_found(path):
    assert len(checks.drawers(path)) == 1


def test_a_room_is_no_drawer():
    assert checks.drawers("data/queries/queue.py") == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.com/x.js">',
        "url(//fonts.example.com/a.woff2)",
        "new WebSocket('wss://x.example/')",
    ],
)
def test_an_address_of_another_host_is_found(text):
    assert len(checks.foreign_hosts(text)) == 1


@pytest.mark.parametrize(
    "text",
    ['xmlns="http://www.w3.org/2000/svg"', "// see quantiles.py", 'fetch("/events")', "url(vendor/fonts/a.woff2)"],
)
def test_our_own_address_is_sound(text):
    assert checks.foreign_hosts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "html.Iframe()",
        "srcDoc=x",
        "dangerously_allow_html=True",
        "el.innerHTML = t",
        "el.insertAdjacentHTML('x', t)",
        "eval(x)",
        "{{ text | safe }}",
    ],
)
def test_a_way_to_become_markup_is_found(text):
    assert len(checks.dangers(text)) == 1


@pytest.mark.parametrize("text", ["el.textContent = t", "html.Div(text)", "{{ text }}", "evaluate(x)"])
def test_text_that_stays_text_is_sound(text):
    assert checks.dangers(text) == []


def planted_paths():
    # Joined here, so that this file keeps the rule it tests.
    return [
        "/" + "home/someone/watchroom",
        "cd /" + "work/main",
        "file:" + "///wheels",
        "--index" + "-url https://x",
        "../sha" + "red/data",
    ]


@pytest.mark.parametrize("text", planted_paths())
def test_a_path_of_one_machine_is_found(text):
    assert len(checks.machine_paths(text)) == 1


@pytest.mark.parametrize("text", ["/tmp/x", "/wallboard/main", "/assets/vendor", "docs/work/x", "/usr/lib/postgresql"])
def test_a_path_of_every_machine_is_sound(text):
    assert checks.machine_paths(text) == []


def test_an_address_in_the_lock_is_found():
    assert checks.resolved({"packages": {"": {}, "node_modules/a": {"resolved": "x"}}}) == ["node_modules/a"]
    assert checks.resolved({"packages": {"": {}, "node_modules/a": {"integrity": "x"}}}) == []


def test_a_setting_that_no_text_names_is_found():
    assert checks.undocumented({"WATCHROOM_HOST", "WATCHROOM_PORT"}, "WATCHROOM_HOSTS WATCHROOM_PORT=1") == [
        "WATCHROOM_HOST"
    ]


def test_a_setting_that_does_not_exist_is_found():
    assert checks.mistaken({"WATCHROOM_HOST"}, "WATCHROOM_HOST WATCHROOM_GONE", "WATCHROOM_") == ["WATCHROOM_GONE"]


def test_icons_are_found_where_they_are_asked_for():
    assert checks.icon_names('icon("search")\nPage("queue", icon="inbox-fill")\nf("x")') == {"search", "inbox-fill"}
