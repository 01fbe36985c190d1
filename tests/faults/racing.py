"""One client of a race: claims each conversation that it is told of, and says how that went; run as a program of its own."""

import json
import sys

from sqlalchemy import select

from data.audit import actor_of, change
from data.clock import utc_now
from data.database import Database
from data.desk import claim
from data.holds import CLAIM
from models.conversation import Conversation, Interval
from models.problems import AlreadyClaimed
from tests.rows import AUDIT_KEY, scope_of


def claim_in_two_steps(database, scope, key, at):
    """The planted bug: look whether it is free, and take it in a second transaction that looks no more."""
    with database.read() as db:
        holder = db.scalar(select(Conversation.holder_id).where(Conversation.id == key))
    if holder is not None:
        raise AlreadyClaimed(holder)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = c.db.get_one(Conversation, key)
        conversation.holder_id, conversation.held_since = scope.user_id, at
        c.db.add(
            Interval(
                workspace_id=c.workspace_id, audit_id=c.audit_id, kind=CLAIM, conversation_id=key,
                user_id=scope.user_id, begun=at,
            )
        )  # fmt: skip
        c.state("claim", "conversation", key, after={"holder": scope.user_id})


def main():
    """``url workspace user planted``; keys come in line by line, and for each a line goes out."""
    url, workspace_id, user_id, planted = sys.argv[1:]
    database = Database(url, AUDIT_KEY)
    scope = scope_of(int(workspace_id), int(user_id))
    act = claim_in_two_steps if planted == "planted" else claim
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            act(database, scope, int(line), utc_now())
            outcome = {"won": True}
        except AlreadyClaimed as problem:
            outcome = {"won": False, "holder": problem.holder_id, "name": problem.name}
        print(json.dumps(outcome), flush=True)
    database.close()


if __name__ == "__main__":
    main()
