"""Links for people outside: which were given, for what, and until when they open."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import IDENTIFIER, INSTANT

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table; its rows alone open nothing."""
    op.create_table(
        "access_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_access_links_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_links"),
    )
    op.create_index("ix_access_links_case_id", "access_links", ["case_id"])
    op.create_index("ix_access_links_purpose_subject", "access_links", ["purpose", "subject"])
