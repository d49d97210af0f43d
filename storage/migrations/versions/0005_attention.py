"""Living notices and people's own settings."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import IDENTIFIER

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the settings of people, and which letter a letter replaces."""
    op.create_table(
        "person_settings",
        sa.Column("person_id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("muted", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=False),
        sa.Column("quiet_until", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_person_settings_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_settings"),
    )
    op.add_column("mailbox", sa.Column("card", sa.Text(), nullable=False, server_default=""))
    op.add_column("mailbox", sa.Column("replaced", sa.Boolean(), nullable=False, server_default=sa.false()))
