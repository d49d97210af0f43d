"""Sign-offs: what was shown with its hash, who is asked, and what each decided."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import IDENTIFIER, INSTANT, partial_index

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the three tables."""
    _sign_offs()
    _requests()
    _decisions()


def _sign_offs() -> None:
    op.create_table(
        "sign_offs",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("proposer_id", IDENTIFIER, nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_sign_offs_case_id"),
        sa.ForeignKeyConstraint(["proposer_id"], ["people.id"], name="fk_sign_offs_proposer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_offs"),
        sa.UniqueConstraint("case_id", "revision", name="uq_sign_offs_case_id_revision"),
    )


def _requests() -> None:
    op.create_table(
        "sign_off_requests",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("sign_off_id", IDENTIFIER, nullable=False),
        sa.Column("signer_id", IDENTIFIER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_offs.id"], name="fk_sign_off_requests_sign_off_id"),
        sa.ForeignKeyConstraint(["signer_id"], ["people.id"], name="fk_sign_off_requests_signer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_off_requests"),
        sa.UniqueConstraint("sign_off_id", "signer_id", name="uq_sign_off_requests_sign_off_id_signer_id"),
    )
    op.create_index("ix_sign_off_requests_signer_id", "sign_off_requests", ["signer_id"])


def _decisions() -> None:
    op.create_table(
        "sign_off_decisions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("request_id", IDENTIFIER, nullable=False),
        sa.Column("action_id", IDENTIFIER, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by_id", IDENTIFIER, nullable=False),
        sa.Column("on_behalf_of_id", IDENTIFIER, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["sign_off_requests.id"], name="fk_sign_off_decisions_request_id"),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_sign_off_decisions_action_id"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_sign_off_decisions_by_id"),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["people.id"], name="fk_sign_off_decisions_on_behalf_of_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_off_decisions"),
    )
    only = "undone_at IS NULL"
    partial_index("uq_sign_off_decisions_stands", "sign_off_decisions", ["request_id"], only, unique=True)
