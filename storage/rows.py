"""Every table, in one place: what the migrations must build."""

from sqlalchemy import MetaData

from storage import (
    audit_rows,
    ballots,
    calendar,
    case_terms,
    cases,
    customers,
    deadlines,
    drafts,
    files,
    inbox,
    indicators,
    leases,
    links,
    mailbox,
    numbers,
    organisation,
    outbox_rows,
    parts,
    rates,
    rules,
    settings,
    sign_offs,
    state,
    surveys,
)
from storage.base import Row

MODULES = (
    *(audit_rows, calendar, case_terms, cases, customers, deadlines, drafts, files, inbox),
    *(leases, links, mailbox, numbers, organisation, outbox_rows, parts, rates, rules, settings, sign_offs, state),
    *(ballots, indicators, surveys),
)


def metadata() -> MetaData:
    """The tables of all row classes; importing this module has declared them."""
    return Row.metadata
