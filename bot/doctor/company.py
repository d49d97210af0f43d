"""The company as it was entered: leads, roles, places to be reached at, stand-ins, circles and the calendar."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.doctor.findings import ORGANISATION, Condition, Finding, guarded, named
from bot.settings import Settings
from conversations.permissions import LEADS_HOLD, OF_ROLE
from conversations.procedures.handbook import HANDBOOK
from handlers import calendars
from storage.calendar import CalendarDays
from storage.database import Database
from storage.errors import DelegateCircleError
from storage.organisation import Organisation, Person

ALWAYS_WANTED = frozenset({"admin", "gm", "deputy_gm"})
"""Whom the bot tells when nobody else is found, and who hears of what stays overdue."""


def looked_at(settings: Settings, database: Database) -> Iterator[Finding]:
    """Every look at the company."""
    yield from guarded("calendar", lambda: calendar(database))
    yield from guarded("leads", lambda: leads(database))
    yield from guarded("roles", lambda: roles(database))
    yield from guarded("channels", lambda: channels(settings, database))
    yield from guarded("people", lambda: people(settings, database))
    yield from guarded("stand-ins", lambda: stand_ins(settings, database))
    yield from guarded("groups", lambda: groups(database))


def calendar(database: Database) -> Iterator[Finding]:
    """The days of this year are known, and from November on those of the next."""
    now = database.clock()
    with database.reading() as session:
        known = CalendarDays(session, now).known_years()
    missing = calendars.unknown(known, now.date())
    if not missing:
        yield Finding("calendar", "ok", f"days known: {min(known)} to {max(known)}")
        return
    years = ", ".join(map(str, missing))
    state: Condition = "fault" if now.year in missing else "warning"
    fix = "once they are published: gukebot import calendar FILE.csv; until then the weekly pattern decides"
    yield Finding("calendar", state, f"{years} 放假安排未导入 (the holidays of {years} are not imported)", fix)


def leads(database: Database) -> Iterator[Finding]:
    """Every department has someone who is told when something is late."""
    with database.reading() as session:
        organisation = Organisation(session)
        departments = organisation.departments()
        people = {person.id for person in organisation.people()}
        without = [department.code for department in departments if department.lead_id not in people]
    fix = "name a lead in the organisation file and run: gukebot import organisation FILE"
    if not departments:
        yield Finding("leads", "fault", "there is no department yet", fix)
    elif without:
        yield Finding("leads", "fault", f"no lead configured: {', '.join(without)}", fix)
    else:
        yield Finding("leads", "ok", f"{len(departments)} departments, each with its lead")


def wanted_roles() -> list[frozenset[str]]:
    """Of each of these somebody must hold one: without, a step of some procedure could be done by nobody."""
    role_of = {capacity: role for role, capacity in OF_ROLE.items()}
    found = {frozenset({role}) for role in ALWAYS_WANTED}
    for action in (action for procedure in HANDBOOK.procedures for action in procedure.actions):
        if action.by <= role_of.keys():
            found.add(frozenset(role_of[capacity] for capacity in action.by))
    # who wants more than another wants nothing of its own
    return sorted((each for each in found if not any(other < each for other in found)), key=sorted)


def roles(database: Database) -> Iterator[Finding]:
    """Every step of every procedure can be done by somebody."""
    with database.reading() as session:
        held = {role for person in Organisation(session).people() for role in person.roles}
    held |= {LEADS_HOLD[role] for role in held if role in LEADS_HOLD}
    missing = [" or ".join(sorted(each)) for each in wanted_roles() if not each & held]
    for role in missing:
        yield Finding("roles", "fault", f"nobody has the role {role}", f"give it to somebody {ORGANISATION}")
    if not missing:
        yield Finding("roles", "ok", "every step can be done by somebody")


def channels(settings: Settings, database: Database) -> Iterator[Finding]:
    """Every department has its channel on a platform that is used."""
    used = _used(settings)
    with database.reading() as session:
        departments = Organisation(session).departments()
    without = [each.code for each in departments if used and not any(each.channels.get(name) for name in used)]
    if without:
        fix = f"write its channel's id {ORGANISATION}"
        found = f"no channel, their notices go to people: {named(without)}"
        yield Finding("channels", "warning", found, fix)
    else:
        yield Finding("channels", "ok", f"{len(departments)} departments" if used else "no platform is used yet")


def people(settings: Settings, database: Database) -> Iterator[Finding]:
    """Everybody can be known on a platform that is used."""
    used = _used(settings)
    with database.reading() as session:
        everybody = Organisation(session).people()
    strangers = [person.name for person in everybody if used and not any(_known(person, name) for name in used)]
    if strangers:
        fix = f"enter {' or '.join(ID_OF[name] for name in used)} {ORGANISATION}"
        found = f"{len(strangers)} cannot be known by {' or '.join(used)}: {named(strangers)}"
        yield Finding("people", "warning", found, fix)
    else:
        yield Finding("people", "ok", f"{len(everybody)} people")


ID_OF = {"slack": "their slack_id or e-mail address", "wecom": "their wecom userid (账号)"}


def _used(settings: Settings) -> list[str]:
    return [name for name, section in (("slack", settings.slack), ("wecom", settings.wecom)) if section.used]


def _known(person: Person, platform: str) -> bool:
    return bool((person.slack_id or person.email) if platform == "slack" else person.wecom_id)


def stand_ins(settings: Settings, database: Database) -> Iterator[Finding]:
    """Whoever is on leave is stood in for by somebody who is there."""
    today = database.clock().astimezone(ZoneInfo(settings.company.zone)).date()
    circles, alone = [], []
    with database.reading() as session:
        organisation = Organisation(session)
        leading = {each.lead_id for each in organisation.departments()}
        for person in organisation.people():
            try:
                present = organisation.stand_in(person, today)
            except DelegateCircleError:
                circles.append(person.name)
                continue
            if person.id in leading and present.on_leave(today):
                alone.append(person.name)
    fix = f"name a delegate who is there {ORGANISATION}"
    if circles:
        yield Finding("stand-ins", "fault", f"on leave, and their delegates lead back to them: {named(circles)}", fix)
    if alone:
        yield Finding("stand-ins", "warning", f"leads on leave with nobody in their place: {named(alone)}", fix)
    if not circles and not alone:
        yield Finding("stand-ins", "ok", "everybody who is away is stood in for")


def groups(database: Database) -> Iterator[Finding]:
    """Every group has as many members as must decide."""
    with database.reading() as session:
        organisation = Organisation(session)
        active = {person.id for person in organisation.people()}
        small = [group.code for group in organisation.groups() if len(active & set(group.members)) < group.quorum]
    if small:
        fix = f"add members or lower its quorum {ORGANISATION}"
        yield Finding("groups", "fault", f"fewer members than their quorum: {named(small)}", fix)
    else:
        yield Finding("groups", "ok", "each can decide")
