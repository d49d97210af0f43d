"""Actions can be taken back: what was before them, and when they were undone."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import INSTANT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the two columns; what was done before this revision cannot be undone."""
    op.add_column("actions", sa.Column("before", sa.Text(), nullable=True))
    op.add_column("actions", sa.Column("undone_at", INSTANT, nullable=True))
