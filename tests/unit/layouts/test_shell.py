from layouts import shell
from tests import factories as make
from tests.unit.layouts.test_queue import drawn, texts


def said(path="/queue", **changes):
    return texts(shell.frame(make.shell(**changes), "content", path))


def test_the_bar_has_only_the_pages_that_a_person_may_open():
    assert [page.name for page in shell.permitted(make.shell())] == [
        "queue",
        "incidents",
        "shift",
        "wallboard",
        "accounts",
    ]
    only = make.shell(permissions=frozenset({"view board"}))
    assert [page.name for page in shell.permitted(only)] == ["wallboard"]


def test_the_page_that_is_open_is_marked():
    text = drawn(shell.frame(make.shell(), "x", "/wallboard/hours"))
    assert text.count('"aria-current": "page"') == 1


def test_the_workspaces_are_links():
    text = drawn(shell.frame(make.shell(), "x"))
    assert '"?workspace=eastfield"' in text
    assert '"?workspace=northshire"' not in text


def test_a_single_workspace_offers_no_change():
    assert "place drop" not in drawn(shell.frame(make.shell(workspaces=(make.NORTHSHIRE,)), "x"))


def test_somebody_without_a_role_is_told_so():
    assert "No workspace" in said(workspace=None, workspaces=(), permissions=frozenset())


def test_a_demonstration_is_marked_on_every_page():
    assert "Demonstration: every message here is invented." in said(demonstration=True)
    assert "Demonstration: every message here is invented." not in said()


def test_a_kiosk_has_no_pages_and_no_person():
    words = said(kiosk=True)
    assert "Sign out" not in words
    assert "R. Hale" not in words
    assert "Northshire control room" in words


def test_single_keys_can_be_turned_off():
    assert '"data-single-keys": "off"' in drawn(shell.frame(make.shell(single_keys=False), "x"))
    assert '"data-single-keys": "on"' in drawn(shell.frame(make.shell(), "x"))


def test_there_is_one_polite_and_one_assertive_region():
    text = drawn(shell.root())
    assert text.count('"aria-live": "polite"') == 1
    assert text.count('"aria-live": "assertive"') == 1


def test_the_index_page_has_a_language_a_theme_and_no_script_of_its_own():
    index = shell.filled(shell.index_string(), "light")
    assert '<html lang="en-GB" data-theme="light">' in index
    assert "<script" not in index


def test_a_page_with_a_chart_brings_what_draws_it():
    assert '<script src="/plotly.js"></script>' in shell.filled(shell.index_string(), "dark", "/plotly.js")


def test_a_page_that_is_known_stands_there_at_once():
    text = drawn(shell.root("the page", "/queue?north"))
    assert '"the page"' in text and '"data-drawn": "/queue?north"' in text


def test_an_unknown_theme_is_dark():
    assert 'data-theme="dark"' in shell.filled(shell.index_string(), '"><script>')
    assert 'data-theme="dark"' in shell.filled(shell.index_string(), None)


def test_the_wallboard_leads_to_its_other_boards():
    text = drawn(shell.frame(make.shell(), "x", "/wallboard/hours"))
    assert '"/wallboard/main?workspace=northshire"' in text
    assert '"/wallboard/response?workspace=northshire"' in text
    assert '"/wallboard/hours?workspace=northshire"' not in text
    assert "/wallboard/main" not in drawn(shell.frame(make.shell(), "x", "/queue"))
