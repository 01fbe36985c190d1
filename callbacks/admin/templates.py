"""Templates and blocked words."""

from typing import Any

from callbacks.admin.acts import Act, Done
from callbacks.fields import Fields, key_of
from callbacks.house import house
from data import reply_rules
from data.audit import actor_of
from data.queries.admin.templates import templates
from layouts.admin import templates as layout
from models.permissions import Permission, Scope
from models.problems import NotFound


def draw(scope: Scope, fields: dict[str, str]) -> list[Any]:
    """The tab as its address says."""
    chosen = key_of(fields["template"]) if "template" in fields else None
    try:
        return layout.body(templates(house().database, scope, chosen))
    except NotFound:
        return layout.body(templates(house().database, scope))


def create(scope: Scope, _of: str, fields: Fields) -> Done:
    name, text, language = fields.text("name"), fields.text("text", 4_000), fields.text("language")
    reply_rules.create_template(*_here(scope), name, text, house().clock(), actor_of(scope), language)
    return Done("The template is offered beside every reply.")


def change(scope: Scope, of: str, fields: Fields) -> Done:
    name, text = fields.text("name"), fields.text("text", 4_000)
    reply_rules.change_template(*_here(scope), key_of(of), name, text, house().clock(), actor_of(scope))
    return Done("The template is saved.")


def retire(scope: Scope, of: str, _fields: Fields) -> Done:
    reply_rules.retire_template(*_here(scope), key_of(of), house().clock(), actor_of(scope))
    return Done("The template is offered to nobody any more.", undo=("templates.restore", of, {}))


def restore(scope: Scope, of: str, _fields: Fields) -> Done:
    reply_rules.restore_template(*_here(scope), key_of(of), house().clock(), actor_of(scope))
    return Done("The template is offered again.", undo=("templates.retire", of, {}))


def block(scope: Scope, _of: str, fields: Fields) -> Done:
    word = fields.text("word")
    reply_rules.block_word(*_here(scope), word, house().clock(), actor_of(scope))
    return Done("No reply may hold it from now on.", undo=("templates.allow", "", {"word": word}))


def allow(scope: Scope, _of: str, fields: Fields) -> Done:
    word = fields.text("word")
    reply_rules.unblock_word(*_here(scope), word, house().clock(), actor_of(scope))
    return Done("Replies may hold it again.", undo=("templates.block", "", {"word": word}))


def _here(scope: Scope) -> tuple[Any, int]:
    scope.require(Permission.ADMINISTER)
    return house().database, scope.workspace_id


ACTS: dict[str, Act] = {
    "templates.create": create,
    "templates.change": change,
    "templates.retire": retire,
    "templates.restore": restore,
    "templates.block": block,
    "templates.allow": allow,
}
