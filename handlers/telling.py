"""Queueing notices: what a change of a case tells, and to whom, in the transaction of the change."""

from collections.abc import Container, Iterable
from dataclasses import replace

from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.fields import Kind
from conversations.procedure import Procedure
from conversations.readers import shown
from conversations.replies import Button
from conversations.words import N_, Said, Value, people, said
from handlers import links
from handlers.addresses import Address, channel_address, person_address, resolve
from handlers.facts import answers_of, facts_of
from handlers.outgoing import URGENT, How, send
from handlers.turn import Turn
from notifications import notices
from notifications.notices import About, Notice
from storage.cases import Case

MANY_ROUNDS = 3
"""From this round on the deputy general manager hears (M-10, company addition)."""


def about(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts | None = None, *, taps: bool = True) -> About:
    """The case in the words that notices use; with what is to be tapped next, unless it is one line among others."""
    organisation = turn.uow.organisation
    owner = organisation.person(case.owner_id) if case.owner_id else None
    lead = organisation.lead(case.department)
    return About(
        number=case.number or "",
        customer=customer_name(turn, case),
        headline=headline(case, procedure),
        step=said(procedure.step[case.step].label),
        owner=owner.name if owner else "",
        lead=lead.name if lead else "",
        urgent=procedure.urgent(facts) if facts else "",
        next=_next(turn, case, procedure, facts) if taps else (),
    )


def customer_name(turn: Turn, case: Case) -> str:
    """The customer's short name; for a case without a customer, its department's name."""
    if case.customer:
        customer = turn.uow.customers.get(case.customer)
        return (customer.short or customer.name) if customer else case.customer
    department = turn.uow.organisation.department(case.department) if case.department else None
    return department.name if department else ""


def headline(case: Case, procedure: Procedure) -> Said:
    """What the case is about."""
    return procedure.headline(answers_of(case)) or said(procedure.title)


def queue(turn: Turn, case: Case, notice: Notice, to: Iterable[Address], how: How) -> list[str]:
    """Queue a notice about a case to each address, once per key; what was done on it is one living notice."""
    card = f"case:{case.id}" if notice.topic == "step" else how.card
    about_it = replace(how, case_id=case.id, subject=how.subject or f"case:{case.id}", card=card)
    return send(turn, notice, to, about_it)


def tell_filed(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> None:
    """A new case: its holder hears; an urgent one pages the lead and the person on duty at any hour (2.0-4)."""
    card = about(turn, case, procedure, facts)
    key = f"filed/{case.number}"
    page: list[Address] = []
    if card.urgent:
        organisation = turn.uow.organisation
        lead = organisation.lead(procedure.pages or case.department)
        on_duty = organisation.on_duty(turn.today)
        page = [person_address(turn, lead, "lead")] if lead else []
        page += [person_address(turn, person, "duty") for person in on_duty]
        paged = How(key=f"page/{case.number}", priority=URGENT)
        queue(turn, case, notices.assigned(card, case.due_at, turn.now), page, paged)
    if case.owner_id is None and not procedure.batched(facts):
        _tell_holder(turn, case, card, key, told={address.to for address in page})


def tell_receipt(turn: Turn, case: Case, procedure: Procedure) -> None:
    """The receipt to pass on, where a case that another one called for has one."""
    if procedure.receipt and turn.person is not None:
        receipt = notices.receipt(about(turn, case, procedure), forward_text(turn, case, procedure.receipt))
        to = [person_address(turn, turn.person, "reporter")]
        queue(turn, case, receipt, to, How(key=f"receipt/{case.number}"))


def tell_moved(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> None:
    """What was done: the reporter and the handler hear unless they did it; a new holder gets the case's card."""
    card = about(turn, case, procedure, facts)
    latest = facts.latest
    # what was taken back counts here too: a key is never used twice
    action_key = f"action/{case.number}/{len(turn.uow.cases.actions_of(case.id))}"
    label = procedure.action[latest.key].label
    doer = turn.person.name if turn.person else turn.say(said(N_("the system")))
    doers = {turn.person.id} if turn.person else set()
    others = [(case.reporter_id, "reporter"), (case.owner_id, "owner")]
    to = []
    for person_id, reason in others:
        if person_id is not None and person_id not in doers:
            doers.add(person_id)
            person = turn.uow.organisation.person(person_id)
            if person is not None:
                to.append(person_address(turn, person, reason))
    if turn.guest is not None:
        _tell_spoken(turn, case, card, facts, action_key)
    else:
        taps = card.next if latest.step != case.step and _calls(procedure, facts) else ()
        queue(turn, case, notices.moved(card, said(label), doer, taps), to, How(key=action_key))
    if latest.step != case.step and case.closed_at is None and case.owner_id is None:
        _tell_holder(turn, case, card, action_key)
    elif latest.step == case.step and _calls(procedure, facts):
        _call(turn, case, card, action_key)
    if latest.key in procedure.refusals and procedure.promise and facts.round >= MANY_ROUNDS:
        to_management = resolve(turn, case, (Target.DEPUTY_GM,))
        queue(turn, case, notices.another_round(card, facts.round), to_management, How(key=f"{action_key}/round"))


def _tell_spoken(turn: Turn, case: Case, card: About, facts: CaseFacts, key: str) -> None:
    """The customer spoke: handler and reporter hear it in the customer's words, quality and sales once it is closed."""
    organisation, latest = turn.uow.organisation, facts.latest
    people_to = [(case.owner_id, "owner"), (case.reporter_id, "reporter")]
    to = [
        person_address(turn, person, reason)
        for person_id, reason in people_to
        if person_id is not None and (person := organisation.person(person_id)) is not None
    ]
    if case.closed_at is not None:
        leads = [*organisation.people_with("qa_lead"), *organisation.people_with("sales_lead")]
        to += [person_address(turn, lead, "lead") for lead in leads]
    elif case.owner_id is None:
        lead = organisation.lead(case.department)
        to += [channel_address(case.department), *([person_address(turn, lead, "lead")] if lead else [])]
    words = [people(text) for name in ("reason", "words", "message") if (text := latest.answers.get(name))]
    photos = latest.answers.get("customer_photos")
    if isinstance(photos, tuple) and photos:
        words.append(said(N_("{k} photos came with it."), k=len(photos)))
    label = said(turn.company.handbook[case.procedure].action[latest.key].label)
    if latest.answers.get("unsettled"):
        label = said(N_("Customer not satisfied after closing"))
    by = turn.guest.name if turn.guest else ""
    once = {address.to: address for address in to}
    notice = replace(notices.spoke(card, label, by, tuple(words)), picture=_first_of(turn, photos))
    queue(turn, case, notice, once.values(), How(key=key))


def _first_of(turn: Turn, photos: object) -> str:
    """The copy of the first photo that has one; the copy knows no place and no device, unlike the photo."""
    kept = (turn.uow.files.get(int(str(photo))) for photo in photos) if isinstance(photos, tuple) else ()
    return next((file.preview for file in kept if file is not None and file.preview), "")


def _calls(procedure: Procedure, facts: CaseFacts) -> bool:
    """What was done leaves it to whoever has the case to go on."""
    calls = procedure.action[facts.latest.key].calls
    return calls is not None and calls(facts)


def _call(turn: Turn, case: Case, card: About, key: str) -> None:
    """It is their turn: the handler hears, or the department where nobody has it yet; not who did it themselves."""
    owner = turn.uow.organisation.person(case.owner_id) if case.owner_id else None
    if owner is None:
        _tell_holder(turn, case, card, key)
    elif turn.person is None or owner.id != turn.person.id:
        to = [person_address(turn, owner, "owner")]
        queue(turn, case, notices.assigned(card, case.due_at, turn.now), to, How(key=f"{key}/holder"))


def _tell_holder(turn: Turn, case: Case, card: About, key: str, told: Container[str] = ()) -> None:
    if turn.company.handbook[case.procedure].step[case.step].sign_off is not None:
        return  # who decides there gets a card of their own
    to = [channel_address(case.department)]
    lead = turn.uow.organisation.lead(case.department)
    if lead is not None:
        to.append(person_address(turn, lead, "lead"))
    to = [address for address in to if address.to not in told]
    queue(turn, case, notices.assigned(card, case.due_at, turn.now), to, How(key=f"{key}/holder"))


def _next(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts | None) -> tuple[Button, ...]:
    """What whoever has the case will want to tap: the main actions of its step."""
    main = [action for action in procedure.at(case.step) if action.is_main_at(case.step)]
    if any(action.offered or action.main_while for action in main):
        known = facts or facts_of(turn, case, procedure)
        main = [action for action in main if action.is_main(known)]
    return tuple(Button(action.key, said(action.label), case.number or "") for action in main)


def forward_text(turn: Turn, case: Case, kind: str) -> Said:
    """A text for the customer in the customer's language, said now; its link is made where it is shown."""
    customer = turn.uow.customers.get(case.customer) if case.customer else None
    language = customer.language if customer else turn.company.language
    values = _forward_values(turn, case)
    link = links.give(turn, case) if kind in notices.LINKED else None
    text = notices.forward(kind, {**values, "link": link} if link else values)
    return turn.company.words.settle(text, language, turn.now)


def _forward_values(turn: Turn, case: Case) -> dict[str, Value]:
    answers = answers_of(case)
    owner = turn.uow.organisation.person(case.owner_id or case.reporter_id or 0)
    product = turn.uow.customers.product(case.product) if case.product else None
    values: dict[str, Value] = {
        "n": case.number or "",
        "contact": links.contact_of(case),
        "product": product.name if product else case.product,
        "promise": case.promised_at or case.due_at or turn.now,
        "company": turn.company.name,
        "owner": owner.name if owner else "",
        "today": turn.today,
    }
    for key in ("remedy", "planned_done", "cause_for_customer", "action_for_customer"):
        value = answers.get(key)
        if isinstance(value, str) or hasattr(value, "isoformat"):
            values[key] = value  # type: ignore[assignment]  # a text or a day
    return values


def value_of(turn: Turn, case: Case, procedure: Procedure, key: str) -> Said:
    """One answer of a case in words."""
    field = procedure.intake.by_key.get(key)
    answers = answers_of(case)
    if field is None or field.kind is Kind.FILES:
        return people(answers.get(key) or "")
    return shown(field, answers.get(key), turn.looking(case), answers)
