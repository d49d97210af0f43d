"""Chat platforms: which living card a message is, and files that lie at the platform until they are fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the card of a message with its index, and where a file is to be fetched."""
    op.add_column("outbox", sa.Column("card", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_outbox_card", "outbox", ["card", "address", "id"], sqlite_where=sa.text("card <> ''"),
                    postgresql_where=sa.text("card <> ''"))  # fmt: skip
    op.add_column("attachments", sa.Column("remote", sa.Text(), nullable=True))
