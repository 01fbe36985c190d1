"""Policies: publish a version."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields
from callbacks.house import house
from data.policies import publish_policy
from data.queries.admin.policies import policies
from layouts.admin import policies as layout
from models.permissions import Scope
from models.policies import LONGEST_POLICY


def draw(scope: Scope, _fields: dict[str, str]) -> list[Any]:
    """The tab."""
    return layout.body(policies(house().database, scope, house().clock()))


def publish(scope: Scope, _of: str, fields: Fields) -> Done:
    number = publish_policy(house().database, scope, fields.text("text", LONGEST_POLICY), house().clock())
    return Done(f"Version {number} is published. Everybody is asked to acknowledge it.")


ACTS: dict[str, Act] = {"policies.publish": publish}
