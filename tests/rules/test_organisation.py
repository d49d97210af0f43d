"""The organisation's file: what is refused and how, what a change does, and that nothing gets lost on the way."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.imports import organisation
from handlers.imports.organisation import OrganisationError, read_organisation
from storage.database import Database

SMALL = """
[[departments]]
code = "XS"
name = "销售部"
aliases = ["市场部"]
lead = "顾晓岚"
channels = { console = "XS" }

[[people]]
name = "顾晓岚"
department = "市场部"
roles = ["sales_lead"]

[[people]]
name = "程小满"
department = "XS"
roles = ["sales"]
delegate = "顾晓岚"
slack = "U1"

[[customers]]
code = "K01"
name = "凌岳汽车有限公司"
short = "凌岳"
sales = "程小满"

[[customers.contacts]]
name = "唐工"
business_relation = "质量"
"""


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A fresh database at one instant."""
    opened = Database(database_url, lambda: datetime(2026, 11, 20, tzinfo=UTC), attachments=tmp_path)
    yield opened
    opened.dispose()


def faults(text: str) -> tuple[str, ...]:
    """What is wrong with a file."""
    with pytest.raises(OrganisationError) as refused:
        read_organisation(text)
    return refused.value.faults


LEAD, ROLES, SLACK, RELATION = 'lead = "顾晓岚"', 'roles = ["sales"]', 'slack = "U1"', 'business_relation = "质量"'
FAULTS = [
    (LEAD, 'lead = "顾小岚"', "[XS].lead: nobody in [[people]] is called “顾小岚”; did you mean “顾晓岚”?"),
    (LEAD, 'leader = "顾晓岚"', "departments[XS].leader is not known here; did you mean “lead”?"),
    (LEAD, "", "departments[XS].lead is missing: write a text"),
    ('= "市场部"', '= "市场"', "people[顾晓岚].department: “市场” is no department; did you mean “市场部”?"),
    (ROLES, 'roles = ["sale"]', "people[程小满].roles: “sale” is no role; did you mean “sales”?"),
    (ROLES, 'roles = "sales"', "people[程小满].roles must be a list of texts, for example"),
    (SLACK, 'language = "de"', 'people[程小满].language must be "zh" or "en"'),
    (SLACK, "leave_from = 2026-11-18", "people[程小满]: leave needs both leave_from and leave_to"),
    (SLACK, 'leave_from = "soon"', "people[程小满].leave_from must be a day, for example 2026-11-18"),
    ('["sales_lead"]', '[]\ndelegate = "程小满"', "in a circle (顾晓岚 → 程小满 → 顾晓岚); nobody would act"),
    (RELATION, "", "customers[K01].contacts[唐工].business_relation is missing: write what connects"),
    ('short = "凌岳"', 'class = "D"\nshort = "凌岳"', 'customers[K01].class must be "A", "B" or "C"'),
    ("[[departments]]", "[[department]]", "department is not known here; did you mean “departments”?"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_names_its_place_and_its_mend(old: str, new: str, fault: str) -> None:
    """A file that cannot be used says where, and what to write there."""
    assert fault in "\n".join(faults(SMALL.replace(old, new, 1)))


def test_an_alias_leads_to_one_department_only() -> None:
    """The same alias in two departments is refused with both (A-07)."""
    second = '[[departments]]\ncode = "PB"\nname = "品保部"\naliases = ["市场部"]\nlead = "顾晓岚"\n'

    assert "“市场部” belongs to XS already" in faults(SMALL + second)[0]


def test_a_requirement_changes_only_what_is_known() -> None:
    """A customer's rule has a known key, and a time limit has a number and a unit."""
    rules = (
        '[[customers.rules]]\nkey = "complaint.KI"\nvalue = "24"\nunit = "h"\nsource = "TY-2026-0001"\n'
        '[[customers.rules]]\nkey = "complaint.K1"\nvalue = "soon"\nsource = "TY-2026-0001"\n'
    )

    first, *_, last = faults(SMALL + rules)

    assert "did you mean “complaint.K" in first
    assert 'value = "24", unit = "h"' in last


def test_all_faults_are_named_at_once() -> None:
    """One run is enough to mend a file, and what is no TOML says its line."""
    assert len(faults(SMALL.replace("name =", "names ="))) > 4
    assert faults("lead 顾晓岚")[0].startswith("this is not TOML: Expected '=' after a key")


def test_the_sample_company_is_complete() -> None:
    """The company of the demo has its departments, people, customers, products and defects."""
    company = organisation.sample()
    counts = [len(getattr(company, name)) for name in ("departments", "people", "customers", "products", "defects")]

    assert counts == [10, 16, 8, 6, 20]
    first = company.customers[0].rules[0]
    assert (first.key, first.value, first.unit, first.source) == ("complaint.K1", "24", "h", "TY-2026-0001")


def test_what_is_exported_can_be_imported_and_changes_nothing(database: Database) -> None:
    """Export, JSON, import: the same organisation."""
    company = organisation.sample()
    made = database.do(lambda uow: organisation.apply(uow, company, "test"))
    again = database.do(organisation.export)
    read = read_organisation(json.dumps(again))

    assert len(made) == 10 + 16 + 1 + 8 + 6 + 20 + 3
    assert database.do(lambda uow: organisation.diff(uow, read)) == ()
    assert database.do(lambda uow: organisation.apply(uow, company, "test")) == ()


def test_a_dry_run_says_each_change_and_does_none(database: Database) -> None:
    """The difference names person, key, old and new value; only apply makes it."""
    database.do(lambda uow: organisation.apply(uow, read_organisation(SMALL)))
    moved = read_organisation(SMALL.replace('"质量"', '"采购"').replace('roles = ["sales"]', 'roles = ["admin"]'))
    lines = [str(change) for change in database.do(lambda uow: organisation.diff(uow, moved))]

    assert lines == [
        "people[程小满].roles: sales -> admin",
        "customers[K01].contacts[唐工].business_relation: 质量 -> 采购",
    ]
    assert len(database.do(lambda uow: organisation.apply(uow, moved))) == 2
    assert database.do(lambda uow: organisation.diff(uow, moved)) == ()


def test_nobody_is_deleted(database: Database) -> None:
    """Who is no longer in the file becomes inactive and gives back the id on the platforms."""
    database.do(lambda uow: organisation.apply(uow, read_organisation(SMALL)))
    without = SMALL.replace('name = "程小满"', 'name = "丁雨禾"').replace('sales = "程小满"', 'sales = "丁雨禾"')
    database.do(lambda uow: organisation.apply(uow, read_organisation(without)))

    with database.begin() as uow:
        gone, new = uow.organisation.person_by_name("程小满"), uow.organisation.person_by_name("丁雨禾")
        assert gone is not None
        assert new is not None
        assert (gone.active, gone.slack_id, new.slack_id) == (False, None, "U1")
