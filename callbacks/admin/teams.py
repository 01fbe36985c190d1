"""Teams: make, change, delete."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data.queries.admin.teams import teams
from data.teams import TeamFacts, change_team, create_team, delete_team
from layouts import links
from layouts.admin import teams as layout
from models.permissions import Scope
from models.problems import NotFound
from models.weeks import week_from

LARGEST_CAPACITY = 1_000


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says."""
    try:
        return layout.body(teams(house().database, scope, key_of(fields["team"]) if "team" in fields else None))
    except NotFound:
        return layout.body(teams(house().database, scope))


def create(scope: Scope, _of: str, fields: Fields) -> Done:
    create_team(house().database, scope, _facts(fields), house().clock())
    return Done("The team is made.")


def change(scope: Scope, of: str, fields: Fields) -> Done:
    change_team(house().database, scope, key_of(of), _facts(fields), house().clock())
    return Done("The team is saved.")


def delete(scope: Scope, of: str, _fields: Fields) -> Done:
    delete_team(house().database, scope, key_of(of), house().clock())
    return Done("The team is gone.", go="?" + links.admin("teams", scope.slug).partition("?")[2])


def _facts(fields: Fields) -> TeamFacts:
    windows = week_from([fields.text(f"day{number}") for number in range(7)])
    hours = [[one.weekday, one.opens.isoformat(), one.closes.isoformat()] for one in windows]
    assignee = fields.text("assignee")
    return TeamFacts(
        name=fields.text("name"),
        members=fields.chosen("member"),
        hours=hours if fields.flag("own_hours") else None,
        capacity=fields.maybe("capacity", 1, LARGEST_CAPACITY),
        assignee=None if assignee in ("", layout.NOBODY) else key_of(assignee),
    )


ACTS: dict[str, Act] = {"teams.create": create, "teams.change": change, "teams.delete": delete}
