"""Surveys: questionnaires, campaigns, who is invited, what customers answer; ballots of employees that name nobody."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.types import IDENTIFIER, INSTANT

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables."""
    _questionnaires()
    _campaigns()
    _invitations()
    _responses()
    _ballots()
    _indicators()


def _questionnaires() -> None:
    op.create_table(
        "questionnaires",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_questionnaires"),
    )


def _campaigns() -> None:
    op.create_table(
        "survey_campaigns",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("case_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_survey_campaigns_case_id"),
        sa.ForeignKeyConstraint(
            ["questionnaire", "version"],
            ["questionnaires.key", "questionnaires.version"],
            name="fk_survey_campaigns_questionnaire_version",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_survey_campaigns"),
        sa.UniqueConstraint("case_id", name="uq_survey_campaigns_case_id"),
    )


def _invitations() -> None:
    op.create_table(
        "survey_invitations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign_id", IDENTIFIER, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("contact_id", IDENTIFIER, nullable=True),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("about_case", IDENTIFIER, nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["survey_campaigns.id"], name="fk_survey_invitations_campaign_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_survey_invitations_contact_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_survey_invitations_person_id"),
        sa.ForeignKeyConstraint(["about_case"], ["cases.id"], name="fk_survey_invitations_about_case"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_invitations"),
        sa.UniqueConstraint("campaign_id", "subject", name="uq_survey_invitations_campaign_id_subject"),
    )


def _responses() -> None:
    op.create_table(
        "survey_responses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign_id", IDENTIFIER, nullable=False),
        sa.Column("invitation_id", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("entered_by", IDENTIFIER, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["survey_campaigns.id"], name="fk_survey_responses_campaign_id"),
        sa.ForeignKeyConstraint(["invitation_id"], ["survey_invitations.id"], name="fk_survey_responses_invitation_id"),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name="fk_survey_responses_entered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_responses"),
        sa.UniqueConstraint("invitation_id", name="uq_survey_responses_invitation_id"),
    )
    op.create_index("ix_survey_responses_campaign_id", "survey_responses", ["campaign_id"])
    op.create_table(
        "survey_answers",
        sa.Column("response_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["survey_responses.id"], name="fk_survey_answers_response_id"),
        sa.PrimaryKeyConstraint("response_id", "item", name="pk_survey_answers"),
    )


def _ballots() -> None:
    """Without row numbers: nothing is to tell in which order ballots came."""
    op.create_table(
        "survey_ballots_pending",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign_id", IDENTIFIER, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_ballots_pending"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_ballots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_ballots"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_ballot_answers",
        sa.Column("ballot_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["survey_ballots.id"], name="fk_survey_ballot_answers_ballot_id"),
        sa.PrimaryKeyConstraint("ballot_id", "item", name="pk_survey_ballot_answers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_ballot_comments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign_id", IDENTIFIER, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_ballot_comments"),
        sqlite_with_rowid=False,
    )


def _indicators() -> None:
    op.create_table(
        "indicators",
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=True),
        sa.Column("defective", sa.Integer(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=True),
        sa.Column("on_time", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("extra_freight", sa.Integer(), nullable=True),
        sa.Column("lost", sa.Boolean(), nullable=True),
        sa.Column("ppm", sa.Integer(), nullable=True),
        sa.Column("on_time_rate", sa.Integer(), nullable=True),
        sa.Column("entered_by", IDENTIFIER, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.code"], name="fk_indicators_customer"),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name="fk_indicators_entered_by"),
        sa.PrimaryKeyConstraint("customer", "month", "source", name="pk_indicators"),
    )
