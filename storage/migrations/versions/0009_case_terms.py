"""What cases can be recognised by: an index of the terms of their descriptions, filled for those there are."""

import sqlalchemy as sa
from alembic import op

from storage.case_terms import rebuild
from storage.migrations.types import IDENTIFIER

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table, and enter every case."""
    op.create_table(
        "case_terms",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_terms_case_id"),
        sa.PrimaryKeyConstraint("term", "customer", "case_id", name="pk_case_terms"),
        sqlite_with_rowid=False,
    )
    rebuild(op.get_bind())
