"""From a code to what it stands for: the messages of a case or a short number, and what an event did, found at once."""

from alembic import op

from storage.migrations.types import partial_index

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add three indexes."""
    op.create_index("ix_outbox_case_id_id", "outbox", ["case_id", "id"])
    op.create_index("ix_outbox_short", "outbox", ["short"])
    partial_index("ix_actions_event", "actions", ["event_key"], "event_key <> ''")
