"""A question that is kept, as it is put once more."""

from __future__ import annotations

import msgspec

from northloop.core.conversation import Message
from northloop.core.interaction import Interaction
from northloop.core.question import in_view, name_of
from northloop.ports.stores import Records
from northloop.stages.data.clean import heard


def conversation(records: Records, asked: Interaction) -> tuple[Message, ...]:
    """Return the conversation up to a question as it is looked up; () where what was kept is not
    what the question followed on."""
    said = spoken(records, asked)
    return tuple(Message(m.role, heard(m.content)) if m.role == "user" else m for m in said)


def spoken(records: Records, asked: Interaction) -> tuple[Message, ...]:
    """Return the same as it was said."""
    if asked.before:
        return (*asked.before, Message("user", asked.question))
    return _by_records(records, asked)


def without_what_is_known(records: Records, asked: Interaction) -> Interaction:
    """Return an answer that is to be kept without what was said before it, where the answers that
    are kept already show that."""
    if not asked.before:
        return asked
    alone = msgspec.structs.replace(asked, before=())
    return alone if _by_records(records, alone) else asked


def _by_records(records: Records, asked: Interaction) -> tuple[Message, ...]:
    said = [Message("user", asked.question)]
    if asked.turn > 1 and asked.conversation_id:
        of_it = {"conversation_id": asked.conversation_id}
        earlier = records.query(Interaction, of_it).rows
        earlier = [o for o in earlier if o.tenant == asked.tenant and o.at < asked.at]
        turns = (
            (Message("user", one.question), Message("assistant", one.answer))
            for one in sorted(earlier, key=lambda one: one.at)
        )
        said = [*(message for turn in turns for message in turn), *said]
    seen = in_view(said)
    if asked.asked and name_of(seen) != asked.asked:
        return ()
    return seen
