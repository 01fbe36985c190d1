"""What a trial of a rule found, a page at a time: read anew whenever it is looked at."""

from datetime import datetime

from sqlalchemy import select

from data.database import Database
from data.practice import practice
from data.trials import Trial
from models.conversation import Message
from models.permissions import Permission, Scope
from models.snapshots.rules import TrialPage, TriedMessage
from models.workspace import Account

A_PAGE = 20


def trial_page(database: Database, scope: Scope, trial: Trial, number: int, now: datetime) -> TrialPage:
    """The page ``number`` (from 1) of what was found. Texts are only for those who may read messages here.

    Raises ``NotPermitted``.
    """
    scope.require(Permission.ADMINISTER)
    state = trial.state
    pages = max(1, -(-state.found // A_PAGE))
    number = min(max(number, 1), pages)
    keys = [] if state.running else list(trial.found[(number - 1) * A_PAGE : number * A_PAGE])
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        rows = db.execute(
            select(Message, Account.handle, Account.channel)
            .join(Account, Account.id == Message.account_id)
            .where(Message.workspace_id == scope.workspace_id, Message.id.in_(keys))
        ).all()
    words = {grade_id: ways.grade(rank).word for grade_id, rank in ways.ranks.items()}
    found = {
        row.Message.id: TriedMessage(
            row.Message.id,
            row.Message.conversation_id,
            row.Message.sent,
            row.handle,
            row.channel,
            words.get(row.Message.grade_id or 0, ways.grade(ways.lowest).word),
            row.Message.text if scope.may(Permission.READ) else None,
            row.Message.language,
            trial.rule.spans_in(row.Message.text),
        )
        for row in rows
    }
    shown = tuple(found[key] for key in keys if key in found)
    return TrialPage(ways.mark, now, state, shown, number, pages, first=(number - 1) * A_PAGE + 1)
