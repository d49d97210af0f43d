"""Cases with what was done on them, their drafts and files, and their deadlines."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import IDENTIFIER, INSTANT, partial_index

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, in the order they refer to each other."""
    _numbers()
    _cases()
    _actions()
    _links()
    _drafts()
    _attachments()
    _deadlines()
    _escalations()


def _numbers() -> None:
    op.create_table(
        "numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_numbers"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        *_case_identity(),
        *_case_facts(),
        *_case_standing(),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_cases_owner_id"),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name="fk_cases_reporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("draft_id", name="uq_cases_draft_id"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.UniqueConstraint("source_key", name="uq_cases_source_key"),
    )
    op.create_index("ix_cases_customer_received_at", "cases", ["customer", "received_at"])
    partial_index("ix_cases_department_open", "cases", ["department"], "closed_at IS NULL")
    partial_index("ix_cases_owner_open", "cases", ["owner_id"], "closed_at IS NULL")
    op.create_index("ix_cases_procedure_received_month_customer", "cases", ["procedure", "received_month", "customer"])
    partial_index("ix_cases_reporter_open", "cases", ["reporter_id"], "closed_at IS NULL")
    partial_index("ix_cases_step_open", "cases", ["procedure", "step"], "closed_at IS NULL")


def _case_identity() -> list[sa.Column[object]]:
    return [
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("draft_id", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
    ]


def _case_facts() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("defect", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
    ]


def _case_standing() -> list[sa.Column[object]]:
    return [
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("owner_id", IDENTIFIER, nullable=True),
        sa.Column("reporter_id", IDENTIFIER, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_month", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("promised_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("by_id", IDENTIFIER, nullable=True),
        sa.Column("on_behalf_of_id", IDENTIFIER, nullable=True),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_actions_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_actions_case_id"),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["people.id"], name="fk_actions_on_behalf_of_id"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sa.UniqueConstraint("case_id", "visit", name="uq_actions_case_id_visit"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.Column("other_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_links_case_id"),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name="fk_links_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("case_id", "other_id", "kind", name="uq_links_case_id_other_id_kind"),
    )
    op.create_index("ix_links_other_id", "links", ["other_id"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("warned_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_drafts_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_drafts_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_expires_at", "drafts", ["expires_at"])
    op.create_index("ix_drafts_person_id_form", "drafts", ["person_id", "form"])
    partial_index("uq_drafts_active", "drafts", ["person_id"], "active", unique=True)


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=True),
        sa.Column("draft_id", sa.Text(), nullable=True),
        sa.Column("action_id", IDENTIFIER, nullable=True),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_attachments_action_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_attachments_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_attachments_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"])
    op.create_index("ix_attachments_draft_id", "attachments", ["draft_id"])
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])


def _deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("span_minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("breached_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("next_level", sa.Text(), nullable=True),
        sa.Column("next_level_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_deadlines_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
        sa.UniqueConstraint("case_id", "key", "round", "started_at", name="uq_deadlines_case_id_key_round_started_at"),
    )
    partial_index("ix_deadlines_next_level_at", "deadlines", ["next_level_at"], "next_level_at IS NOT NULL")


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("deadline_id", IDENTIFIER, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("fired_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("acknowledged_by", IDENTIFIER, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("promised_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["people.id"], name="fk_escalations_acknowledged_by"),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name="fk_escalations_deadline_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
        sa.UniqueConstraint("deadline_id", "level", name="uq_escalations_deadline_id_level"),
    )
