"""How long what is no quality record is kept, in days: numbers of the house, changed like any rule (S18, M-98)."""

from typing import Final

from conversations.deadlines import Basis
from conversations.rules import ADDITION, Rule, rule
from conversations.words import N_

RETENTION: Final[tuple[Rule, ...]] = (
    rule("retention.inbox", (14, "d", Basis.NATURAL), ADDITION, N_("Kept: answers to events, against double delivery")),
    rule("retention.parts", (90, "d", Basis.NATURAL), ADDITION, N_("Kept: cards and messages as they were sent")),
    rule("retention.outbox", (365, "d", Basis.NATURAL), ADDITION, N_("Kept: what messages said")),
    rule("retention.mailbox", (365, "d", Basis.NATURAL), ADDITION, N_("Kept: letters of the console")),
    rule("retention.snapshots", (30, "d", Basis.NATURAL), ADDITION, N_("Kept: how a case stood before an action")),
    rule("retention.links", (30, "d", Basis.NATURAL), ADDITION, N_("Kept: links, after they ended")),
    rule("retention.files", (30, "d", Basis.NATURAL), ADDITION, N_("Kept: files that belong to no case")),
    rule("retention.words", (1825, "d", Basis.NATURAL), ADDITION, N_("Kept: what was written in surveys")),
)
"""Cases, what was done on them, their files and the audit trail are quality records: nothing removes them by itself."""
