"""The rules of the house, over every file that is in it."""

import importlib
import json
import re

import pytest

from tests.architecture import checks, tree


def breaches(names, check):
    return [f"{name}: {line}" for name in names for line in check(tree.text(name))]


def test_the_walk_finds_the_house():
    assert set(tree.python_in(*tree.ROOMS)) >= {"models/posts.py", "data/frontend.py", "callbacks/statics.py"}


def test_no_function_is_longer_than_40_lines():
    assert breaches(tree.source_files(), checks.long_functions) == []


def test_no_module_is_longer_than_400_lines():
    assert breaches(tree.source_files(), checks.long_module) == []


def test_no_callback_is_defined_inside_a_function():
    assert breaches(tree.python_in("callbacks", "app"), checks.nested_functions) == []


def test_callbacks_and_routes_are_wired_in_a_table():
    assert breaches(tree.python_in("callbacks", "layouts", "app"), checks.wiring_by_decorator) == []


def test_no_folder_or_module_is_a_drawer():
    names = [name for name in tree.tracked() if name.endswith(".py")]
    assert [f"{name}: {word}" for name in names for word in checks.drawers(name)] == []


def test_only_the_clock_reads_the_time():
    names = [name for name in tree.python_in(*tree.ROOMS, "app") if name != "data/clock.py"]
    assert breaches(names, checks.clocks) == []


def test_an_id_is_a_token_and_never_in_quotes():
    assert breaches(tree.python_in("callbacks"), checks.quoted_ids) == []


def test_no_test_sleeps():
    names = [n for n in tree.python_in("tests") if not n.startswith("tests/architecture/")]
    assert breaches(names, checks.sleeps) == []


def test_nobody_imports_the_app():
    importing = {name: checks.imports(tree.text(name)) for name in tree.python_in(*tree.ROOMS)}
    assert [name for name, modules in importing.items() if "app" in modules] == []


def test_layouts_know_no_stored_entity():
    """Of models, layouts see snapshots and vocabulary: nothing that SQLAlchemy maps."""
    seen = {
        (name, wanted)
        for name in tree.python_in("layouts")
        for wanted in checks.imports(tree.text(name))
        if wanted.startswith("models.")
    }
    assert sorted(f"{name}: {wanted}" for name, wanted in seen if is_mapped(wanted)) == []


def is_mapped(dotted):
    module, _, name = dotted.rpartition(".")
    try:
        return hasattr(getattr(importlib.import_module(module), name, None), "__mapper__")
    except ImportError:
        return False


def test_an_entity_would_be_known():
    importlib.import_module("models.entities")
    mapped = [m.class_ for m in importlib.import_module("models.base").Base.registry.mappers]
    assert mapped
    assert all(is_mapped(f"{entity.__module__}.{entity.__name__}") for entity in mapped)
    assert not is_mapped("models.posts.Post")


def test_pages_ask_no_other_host():
    assert breaches(tree.page_text_files(), checks.foreign_hosts) == []


def test_nothing_from_outside_can_become_markup():
    names = tree.page_text_files() + tree.python_in("layouts", "callbacks", "app")
    assert breaches(names, checks.dangers) == []


def test_the_lock_holds_no_address():
    assert checks.resolved(json.loads(tree.text("package-lock.json"))) == []


def test_the_pins_hold_no_address():
    names = [name for name in tree.tracked() if name.startswith("requirements")]
    assert len(names) >= 4
    assert [name for name in names if "://" in tree.text(name)] == []


def test_nothing_names_one_machine():
    names = [n for n in tree.tracked() if not n.endswith((".png", ".woff2", ".ico", ".gz", ".db", ".webp", ".jpg"))]
    assert breaches(names, checks.machine_paths) == []


def test_every_icon_asked_for_is_in_the_sprite():
    listed = set(json.loads(tree.text("package.json"))["icons"])
    asked = {icon for name in tree.python_in("layouts") for icon in checks.icon_names(tree.text(name))}
    assert asked - listed == set()


def settings_names():
    settings = importlib.import_module("data.settings").Settings
    prefix = settings.model_config.get("env_prefix", "")
    assert prefix == "WATCHROOM_"
    return {f"{prefix}{name}".upper() for name in settings.model_fields}


@pytest.mark.parametrize("name", [".env.example", "docs/settings.md"])
def test_every_setting_is_explained(name):
    assert checks.undocumented(settings_names(), tree.text(name)) == []


@pytest.mark.parametrize("name", [".env.example", "docs/settings.md"])
def test_no_setting_is_explained_that_does_not_exist(name):
    assert checks.mistaken(settings_names(), tree.text(name), "WATCHROOM_") == []


def test_a_page_is_one_word_in_every_folder():
    pages = importlib.import_module("layouts.pages").PAGES
    assert pages
    assert [line for page in pages for line in missing_parts(page.name, tree.tracked())] == []


def missing_parts(page, names):
    folders = [f"layouts/{page}", f"callbacks/{page}", f"data/queries/{page}"]
    found = [f"{page}: no {f}.py" for f in folders if not any(n == f"{f}.py" or n.startswith(f"{f}/") for n in names)]
    tested = any(n.startswith("tests/") and (f"/test_{page}" in n or f"/{page}/test_" in n) for n in names)
    return found if tested else [*found, f"{page}: no test"]


def test_a_page_without_its_parts_is_found():
    whole = ["layouts/queue.py", "callbacks/queue.py", "data/queries/queue.py", "tests/unit/layouts/test_queue.py"]
    assert missing_parts("queue", whole) == []
    assert [len(missing_parts("queue", whole[:n] + whole[n + 1 :])) for n in range(4)] == [1, 1, 1, 1]


def test_every_page_has_a_name_of_one_word():
    assert [
        p.name for p in importlib.import_module("layouts.pages").PAGES if not p.name.isalpha() or not p.name.islower()
    ] == []


def test_tests_mirror_the_source_by_name():
    assert [name for name in tree.python_in("tests") if not mirrors(name, tree.tracked())] == []


def mirrors(name, names):
    """`tests/<kind>/<room>/.../test_<word>...py` stands beside a source of the room with that word; others are free."""
    kind, _, inside = name.removeprefix("tests/").partition("/")
    room = inside.split("/")[0]
    if kind not in {"unit", "integration"} or room not in tree.ROOMS or "/test_" not in name:
        return True
    folder, _, file = inside.rpartition("/")
    word = file.removeprefix("test_").removesuffix(".py")
    beside = {
        n.removeprefix(f"{folder}/").split("/")[0].removesuffix(".py") for n in names if n.startswith(f"{folder}/")
    }
    return any(f"{word}_".startswith(f"{source}_") for source in {*beside, folder.rpartition("/")[2]})


def test_a_test_without_its_source_is_found():
    names = ["models/waits.py", "data/channels/x.py", "data/samples/posts.json"]
    assert mirrors("tests/unit/data/test_samples.py", names)
    assert mirrors("tests/unit/models/test_waits.py", names)
    assert mirrors("tests/unit/models/test_waits_over_midnight.py", names)
    assert mirrors("tests/integration/data/channels/test_x.py", names)
    assert mirrors("tests/integration/data/channels/test_channels.py", names)
    assert not mirrors("tests/unit/models/test_gone.py", names)


def test_every_column_of_a_file_is_explained():
    """The data dictionary names the columns of each file of rows, in their order."""
    rows = importlib.import_module("data.queries.reports.rows")
    parts = tree.text("docs/data-dictionary.md").split("\n## ")[1:]
    explained = {part.split("\n")[0].lower(): re.findall(r"^\| (?!column|---)(.+?) \|", part, re.M) for part in parts}
    assert explained == {
        "messages": [name for name, _ in (*rows.MESSAGES, *rows.MESSAGE_TEXTS)],
        "turns": [name for name, _ in rows.TURNS],
        "conversations": [name for name, _ in (*rows.CONVERSATIONS, *rows.CONVERSATION_TEXTS)],
        "posts": [name for name, _ in (*rows.POSTS, *rows.POST_TEXTS)],
        "foi pack": list(importlib.import_module("data.queries.reports.foi").HEADINGS),
    }
