"""The reports through the whole program: the picker, the address, the files."""

import csv
import io

import openpyxl
import pytest
from sqlalchemy import select

from callbacks.reports import FILES, READ
from data.people import grant
from layouts.pages import REPORTS
from models.audit import COMMAND, AuditEvent
from models.people import User
from models.permissions import BUILT_IN_ROLES, Permission
from tests.histories import DAY, History
from tests.rows import NOW, add_conversation, add_member, add_workspace
from tests.visits import Visitor

PICKER = ("reports-period", "reports-first", "reports-last", "reports-channel", "reports-account")
CHOSEN = ("28d", "2026-10-27", "2026-11-23", "any", "any")


@pytest.fixture
def lewis(server, database, north):
    add_member(database, north, "lewis", "Analyst")
    visitor = Visitor(server)
    visitor.sign_in("lewis")
    return visitor.open("/reports/activity?workspace=north")


def state(*parts):
    return [{"id": name, "property": prop, "value": value} for name, prop, value in parts]


def refresh(visitor, path="/reports/activity", search="?workspace=north", workspace="north"):
    outputs = [{"id": name, "property": "children"} for name in ("reports-body", "reports-tabs")]
    outputs.append({"id": "reports-dates", "property": "className"})
    return visitor.call(
        {
            "output": "..reports-body.children...reports-tabs.children...reports-dates.className..",
            "outputs": outputs,
            "inputs": state(("url", "search", search)),
            "state": state(
                ("url", "pathname", path),
                *((name, "value", value) for name, value in zip(PICKER, CHOSEN, strict=True)),
                ("url", "search", f"?workspace={workspace}"),
            ),
            "changedPropIds": ["url.search"],
        }
    )


def choose(visitor, *values, path="/reports/activity", search="?workspace=north"):
    dash = visitor.client.application.extensions["watchroom"].dash
    entry = next(one for one in dash._callback_list if [part["id"] for part in one["inputs"]] == list(PICKER))
    return visitor.call(
        {
            "output": entry["output"],
            "outputs": {"id": "reports-address", "property": "search"},
            "inputs": state(*((name, "value", value) for name, value in zip(PICKER, values, strict=True))),
            "state": state(("url", "pathname", path), ("url", "search", search), ("url", "search", search)),
            "changedPropIds": [f"{PICKER[0]}.value"],
        }
    )


def chosen_address(answer):
    return answer.json["response"]["reports-address"]["search"]


@pytest.mark.parametrize("report", sorted(READ))
def test_a_report_opens_and_is_drawn_again_for_its_address(lewis, database, north, report):
    add_conversation(database, north, text="a contact's own words")
    answer = refresh(lewis, f"/reports/{report}", "?workspace=north&period=7d")
    assert answer.status_code == 200
    assert "17 to 23 Nov 2026" in answer.text
    assert "own words" not in answer.text
    followed = answer.json["sideUpdate"]
    assert followed == {"reports-period": {"value": "7d"}, "reports-first": {"value": "2026-11-17"}}


def test_reports_and_their_readers_are_the_same():
    assert set(READ) == {key for key, _ in REPORTS}


def test_a_chosen_period_goes_into_the_address(lewis):
    found = chosen_address(choose(lewis, "7d", *CHOSEN[1:]))
    assert found == "?workspace=north&period=7d"


def test_choosing_dates_begins_with_those_shown(lewis):
    found = chosen_address(choose(lewis, "custom", "2020-01-01", "2020-01-02", "any", "any"))
    assert found == "?workspace=north&period=custom&from=2026-10-27&to=2026-11-23"


def test_a_channel_and_an_account_are_kept(lewis):
    assert chosen_address(choose(lewis, *CHOSEN[:3], "x", "4")).endswith("period=28d&channel=x&account=4")


def test_what_is_chosen_already_changes_nothing(lewis):
    assert choose(lewis, *CHOSEN).status_code == 204


@pytest.mark.parametrize("path", ["/queue", "/nowhere"])
def test_another_page_has_no_report(lewis, path):
    assert refresh(lewis, path).status_code == 204
    assert choose(lewis, "7d", *CHOSEN[1:], path=path).status_code == 204


@pytest.mark.parametrize("odd", ["?workspace=north&period=%00&from=x&to=9999-99-99&account=-1&channel=" + "x" * 500])
def test_an_address_that_makes_no_sense_is_the_default(lewis, odd):
    assert "27 Oct to 23 Nov 2026" in refresh(lewis, search=odd).text


@pytest.mark.parametrize("report", sorted(READ))
@pytest.mark.parametrize("ending", sorted(FILES))
def test_figures_are_files_and_on_the_record(lewis, database, north, report, ending):
    add_conversation(database, north)
    answer = lewis.get(f"/reports/{report}.{ending}?workspace=north&period=7d")
    assert answer.status_code == 200
    name = f"watchroom-north-{report}-2026-11-17-2026-11-23.{ending}"
    assert name in answer.headers["Content-Disposition"]
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        assert rows[:2] == [["Workspace", "North"], ["First day", "2026-11-17"]]
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        assert book.sheetnames[0] == "About"
    with database.read() as db:
        event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.actor, event.after["report"], event.after["file"]) == (
        "export",
        "Lewis",
        report,
        ending,
    )


def test_a_shift_is_moved_and_what_is_no_shift_is_refused(lewis, database, north):
    west = History(database, "west")
    west.messages([west.account()], west.instants(200, NOW - 6 * DAY, NOW))
    with database.read() as db:
        person = db.scalar(select(User.id).where(User.sign_in == "lewis"))
    grant(database, west.id, person, "Analyst", NOW, COMMAND)

    def moved(begins, days="all", length="8", path="/reports/hours"):
        parts = {"hours-shift-begins": begins, "hours-shift-days": days, "hours-shift-length": length}
        address = (("url", "pathname", path), *(("url", "search", "?workspace=west&period=7d"),) * 2)
        return lewis.call(
            {
                "output": "hours-shift-said.children",
                "outputs": {"id": "hours-shift-said", "property": "children"},
                "inputs": state(*((name, "value", value) for name, value in parts.items())),
                "state": state(*address),
                "changedPropIds": ["hours-shift-begins.value"],
            }
        )

    assert "Every day, 17:00 to 01:00" in moved(17).text
    assert "Saturday and Sunday, 20:00 to 08:00" in moved("20", "weekend", "12").text
    for odd in ((24,), (-1,), ("x" * 99,), (5, "never"), (5, "all", "7"), (None,), (True,)):
        assert "choose days, a full hour and a length" in moved(*odd).text
    assert moved(17, path="/reports/activity").status_code == 204


def test_the_foi_pack_is_a_file_on_the_record_and_the_same_again(lewis, database, north):
    add_conversation(database, north)
    answers = [lewis.get("/reports/foi.csv?workspace=north&period=7d") for _ in range(2)]
    assert answers[0].data == answers[1].data and b"SHA-256" in answers[0].data
    assert "watchroom-north-foi-2026-11-17-2026-11-23.csv" in answers[0].headers["Content-Disposition"]
    with database.read() as db:
        event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.object, event.after["from"]) == ("export", "foi", "2026-11-17")
    assert lewis.get("/reports/foi.csv?workspace=south").status_code == 404


def test_a_file_of_no_report_is_not_there(lewis):
    assert lewis.get("/reports/nothing.csv?workspace=north").status_code == 404
    assert lewis.get("/reports/activity.exe?workspace=north").status_code == 404


@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
def test_pages_and_files_ask_for_their_permissions(server, database, north, role):
    add_member(database, north, "eve", role)
    visitor = Visitor(server)
    visitor.sign_in("eve")
    visitor.open("/wallboard/main?workspace=north")
    held = BUILT_IN_ROLES[role]
    file = visitor.get("/reports/activity.csv?workspace=north")
    assert (file.status_code == 200) == ({Permission.REPORT, Permission.EXPORT} <= held)
    assert (refresh(visitor).status_code == 200) == (Permission.REPORT in held)


def test_another_workspaces_files_are_refused(lewis, database):
    add_workspace(database, "south")
    assert lewis.get("/reports/activity.csv?workspace=south").status_code == 404
    assert refresh(lewis, workspace="south").status_code == 403


def test_nobody_signed_in_gets_no_file(visitor, north):
    assert visitor.get("/reports/activity.csv?workspace=north").status_code in {302, 401}


@pytest.mark.parametrize("what", ["messages", "turns", "conversations"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rows_are_files_and_on_the_record(lewis, database, north, what, ending):
    add_conversation(database, north, text="a contact's own words")
    answer = lewis.get(f"/reports/rows/{what}.{ending}?workspace=north&period=7d")
    assert answer.status_code == 200
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    else:
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert len(rows) == 2
    assert "own words" not in str(rows) and "neighbour" not in str(rows).lower()
    with database.read() as db:
        event = db.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.object, event.after["texts"], event.after["from"]) == (
        "export",
        what,
        False,
        "2026-11-17",
    )


def test_texts_go_only_to_those_who_may_have_them(server, database, north):
    add_conversation(database, north, text="=a contact's own words")
    add_member(database, north, "joy", "Supervisor")
    visitor = Visitor(server)
    visitor.sign_in("joy")
    assert "'=a contact's own words" in visitor.get("/reports/rows/messages.csv?workspace=north").text
