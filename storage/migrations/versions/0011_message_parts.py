"""The parts that messages are sent in, where a platform cannot be asked whether it took one."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import INSTANT

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table with its indexes."""
    op.create_table(
        "message_parts",
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("taps", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message", "number", name="pk_message_parts"),
    )
    op.create_index("ix_message_parts_made_at", "message_parts", ["made_at"])
    op.create_index("ix_message_parts_mark_tried_at", "message_parts", ["mark", "tried_at"])
    op.create_index("ix_message_parts_address_done_at", "message_parts", ["address", "done_at"])
    op.create_index("ix_message_parts_task", "message_parts", ["task"])
