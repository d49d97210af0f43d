"""Who works here, whom we work for, which days are worked, and the approved numbers."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.calendar_file import load_calendar
from storage.migrations.types import IDENTIFIER, INSTANT

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, in the order they refer to each other."""
    _people()
    _departments()
    _department_aliases()
    _groups()
    _duty()
    _customers()
    _contacts()
    _customer_rules()
    _products()
    _product_customers()
    _defects()
    _calendar_days()
    _calendar_years()
    _calendar_revision()
    _rule_versions()
    load_calendar(op.get_bind())


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("leave_from", sa.Date(), nullable=True),
        sa.Column("leave_to", sa.Date(), nullable=True),
        sa.Column("delegate_id", IDENTIFIER, nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("slack_id", sa.Text(), nullable=True),
        sa.Column("wecom_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["people.id"], name="fk_people_delegate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("name", name="uq_people_name"),
        sa.UniqueConstraint("slack_id", name="uq_people_slack_id"),
        sa.UniqueConstraint("wecom_id", name="uq_people_wecom_id"),
    )
    op.create_index("ix_people_department", "people", ["department"])


def _departments() -> None:
    op.create_table(
        "departments",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead_id", IDENTIFIER, nullable=True),
        sa.Column("deputy_id", IDENTIFIER, nullable=True),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_departments_deputy_id"),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name="fk_departments_lead_id"),
        sa.PrimaryKeyConstraint("code", name="pk_departments"),
        sa.UniqueConstraint("name", name="uq_departments_name"),
    )


def _department_aliases() -> None:
    op.create_table(
        "department_aliases",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name="fk_department_aliases_department"),
        sa.PrimaryKeyConstraint("alias", name="pk_department_aliases"),
    )


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_groups"),
    )


def _duty() -> None:
    op.create_table(
        "duty",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_duty_person_id"),
        sa.PrimaryKeyConstraint("day", "person_id", name="pk_duty"),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("automotive", sa.Boolean(), nullable=False),
        sa.Column("owner_sales_id", IDENTIFIER, nullable=True),
        sa.Column("service_engineer_id", IDENTIFIER, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_sales_id"], ["people.id"], name="fk_customers_owner_sales_id"),
        sa.ForeignKeyConstraint(["service_engineer_id"], ["people.id"], name="fk_customers_service_engineer_id"),
        sa.PrimaryKeyConstraint("code", name="pk_customers"),
        sa.UniqueConstraint("name", name="uq_customers_name"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("business_relation", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_user_rep", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.code"], name="fk_contacts_customer"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_customer", "contacts", ["customer"])


def _customer_rules() -> None:
    op.create_table(
        "customer_rules",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.code"], name="fk_customer_rules_customer"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_rules"),
        sa.UniqueConstraint("customer", "key", "source", name="uq_customer_rules_customer_key_source"),
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("monthly_quantity", sa.Integer(), nullable=True),
        sa.Column("ppm_target", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_products"),
    )


def _product_customers() -> None:
    op.create_table(
        "product_customers",
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.code"], name="fk_product_customers_customer"),
        sa.ForeignKeyConstraint(["product"], ["products.code"], name="fk_product_customers_product"),
        sa.PrimaryKeyConstraint("product", "customer", name="pk_product_customers"),
    )


def _defects() -> None:
    op.create_table(
        "defects",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grp", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_defects"),
    )


def _calendar_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_days"),
    )


def _calendar_years() -> None:
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_calendar_years"),
    )


def _calendar_revision() -> None:
    op.create_table(
        "calendar_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_revision"),
    )


def _rule_versions() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_versions"),
    )
    op.create_index("ix_rule_versions_key_effective_from", "rule_versions", ["key", "effective_from"])
