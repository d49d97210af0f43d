"""Who may do what: capacities as data. What is not said is denied (design 5.11, requirements 2.0-19)."""

from dataclasses import dataclass
from enum import StrEnum


class Capacity(StrEnum):
    """What a person is to a case, or in the company."""

    HANDLER = "handler"
    REPORTER = "reporter"
    MEMBER = "member"
    HOLDER_LEAD = "holder_lead"
    SALES = "sales"
    SALES_LEAD = "sales_lead"
    QA = "qa"
    QA_LEAD = "qa_lead"
    SERVICE_ENGINEER = "service_engineer"
    OFFICE = "office"
    OFFICE_LEAD = "office_lead"
    DEPUTY_GM = "deputy_gm"
    GM = "gm"
    ADMIN = "admin"
    CUSTOMER = "customer"
    SIGNER = "signer"
    ANYONE = "anyone"


LEADS_HOLD = {
    "sales_lead": "sales",
    "qa_lead": "qa",
    "tech_lead": "tech",
    "production_lead": "production",
    "purchasing_lead": "purchasing",
    "finance_lead": "finance",
    "office_lead": "office",
}
"""A lead holds the base role too (requirements 2.0-19)."""

ROLES = frozenset(
    {*LEADS_HOLD, *LEADS_HOLD.values()}
    | {"gm", "deputy_gm", "production_vp", "dispatch_office", "safety", "service_engineer"}
    | {"project_manager", "customer_representative", "admin"}
)
"""Every role that a person can hold; a declaration that names another is refused on import."""

OF_ROLE = {
    "sales": Capacity.SALES,
    "sales_lead": Capacity.SALES_LEAD,
    "qa": Capacity.QA,
    "qa_lead": Capacity.QA_LEAD,
    "service_engineer": Capacity.SERVICE_ENGINEER,
    "office": Capacity.OFFICE,
    "office_lead": Capacity.OFFICE_LEAD,
    "deputy_gm": Capacity.DEPUTY_GM,
    "gm": Capacity.GM,
    "admin": Capacity.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A person before a case: the roles held, and how the person stands to it."""

    roles: frozenset[str]
    is_owner: bool = False
    is_reporter: bool = False
    in_department: bool = False
    leads_department: bool = False
    case_has_owner: bool = True
    is_customer: bool = False
    is_signer: bool = False


def capacities(standing: Standing) -> frozenset[Capacity]:
    """All that a person is to a case. Without an owner, every member of the department handles it.

    A customer who came by a link is the customer of that case, and nothing else in the company.
    """
    if standing.is_customer:
        return frozenset({Capacity.CUSTOMER})
    roles = standing.roles | {LEADS_HOLD[role] for role in standing.roles if role in LEADS_HOLD}
    found = {OF_ROLE[role] for role in roles if role in OF_ROLE} | {Capacity.ANYONE}
    if standing.is_owner or (standing.in_department and not standing.case_has_owner):
        found.add(Capacity.HANDLER)
    if standing.is_reporter:
        found.add(Capacity.REPORTER)
    if standing.is_signer:
        found.add(Capacity.SIGNER)
    if standing.in_department:
        found.add(Capacity.MEMBER)
    if standing.leads_department:
        found |= {Capacity.HOLDER_LEAD, Capacity.HANDLER, Capacity.MEMBER}
    return frozenset(found)


def may(allowed: frozenset[Capacity], standing: Standing) -> bool:
    """Whether one of the capacities that an action asks for is held."""
    return bool(allowed & capacities(standing))
