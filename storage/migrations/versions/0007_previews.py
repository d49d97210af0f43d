"""Pictures have a copy to show: smaller, and without where it was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the hash of the copy; pictures kept before have none."""
    op.add_column("attachments", sa.Column("preview", sa.Text(), nullable=True))
