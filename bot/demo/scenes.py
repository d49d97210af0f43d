"""The eight scenes of the guided tour: domain C6, thread 1, tap by tap, and what each scene shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.demo.stage import at
from bot.demo.story import CASE, CORRECTIVE, SUMMARY
from conversations.words import N_
from storage.unit_of_work import UnitOfWork

SELLER, DEPUTY, LEAD, ON_DUTY = "程小满", "丁雨禾", "顾晓岚", "石松涛"
QUALITY_LEAD = "沈知衡"
QUALITY, DISPATCH, BUYER, SALES = "梁可欣", "邱铁成", "汪店长", "XS"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done on a phone, or time passing: ``kind`` is tap, say, photo, forward or clock."""

    kind: str
    who: str = ""
    what: str = ""
    subject: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A title, one sentence about what was shown, who is on the four phones, and when it has happened.

    ``last`` is the phone that a small screen shows at its end.
    """

    title: str
    shown: str
    phones: tuple[str, str, str, str]
    steps: tuple[Step, ...]
    happened: Callable[[UnitOfWork], bool]
    last: int = 0


def _tap(who: str, action: str, subject: str = "") -> Step:
    return Step("tap", who, action, subject)


def _says(who: str, text: str) -> Step:
    return Step("say", who, text)


def _photos(who: str, *names: str) -> Step:
    return Step("photo", who, ",".join(names))


def _forward(who: str) -> Step:
    return Step("forward", who)


def _clock(until: datetime) -> Step:
    return Step("clock", until=until)


def _by(instant: datetime) -> Callable[[UnitOfWork], bool]:
    return lambda uow: uow.now >= instant


def _filed(uow: UnitOfWork) -> bool:
    return uow.cases.find(CASE) is not None


def _refused(uow: UnitOfWork) -> bool:
    case = uow.cases.find(CASE)
    return case is not None and any(action.key == "not_satisfied" for action in uow.cases.actions_of(case.id))


def _at(number: str, *steps: str) -> Callable[[UnitOfWork], bool]:
    return lambda uow: (case := uow.cases.find(number)) is not None and case.step in steps


SCENES = (
    Scene(
        N_("Reported by taps"),
        N_("In the customer's car park, with one sentence typed: the number, the time limit and the customer's "
           "receipt are there at once."),
        (SELLER, LEAD, BUYER, SALES),
        (_says(BUYER, N_("You sent two boxes too few, our shop has run out.")),
         _photos(SELLER, "shelf", "label"), _tap(SELLER, "start:complaint"), _tap(SELLER, "option:K07"),
         _tap(SELLER, "option:LG-1040"), _tap(SELLER, "option:delivery"), _tap(SELLER, "option:notice"),
         _says(SELLER, N_("Two boxes short, the shop has run out")), _tap(SELLER, "option:11-100"),
         _tap(SELLER, "option:now"), _tap(SELLER, "option:self"), _forward(SELLER), _tap(SELLER, "sent", CASE)),
        _filed,
    ),
    Scene(
        N_("Warned before the rest day"),
        N_("The time limit ends on a Sunday, so the handler, her deputy and whoever is on duty hear on Friday, "
           "before they leave."),
        (SELLER, DEPUTY, ON_DUTY, SALES),
        (_clock(at(11, 20, 16, 30)),),
        _by(at(11, 20, 16, 30)),
    ),
    Scene(
        N_("Overdue on Sunday"),
        N_("Sunday 16:05: only the person on duty and the head of sales are told; the channel is left in peace."),
        (SELLER, LEAD, ON_DUTY, SALES),
        (_clock(at(11, 22, 16, 5)),),
        _by(at(11, 22, 16, 5)),
        last=1,
    ),
    Scene(
        N_("Escalated on Monday"),
        N_("At 08:00 the channel hears; four working hours later the supervisor is asked to step in."),
        (SELLER, LEAD, ON_DUTY, SALES),
        (_clock(at(11, 23, 8)), _clock(at(11, 23, 12))),
        _by(at(11, 23, 12)),
        last=3,
    ),
    Scene(
        N_("Refused: a second round"),
        N_("The customer refuses the first measure: round 2 begins with a time limit of its own, and that the first "
           "one was late stays on record."),
        (SELLER, LEAD, BUYER, SALES),
        (_clock(at(11, 23, 13, 30)), _tap(SELLER, "propose_remedy", CASE),
         _says(SELLER, N_("Sent along with Wednesday's regular truck")), _forward(SELLER),
         _tap(SELLER, "log_contact", CASE), _tap(SELLER, "option:汪店长"),
         _says(SELLER, N_("Told her that it arrives with Wednesday's truck")),
         _says(BUYER, N_("That is too late. We need it on Tuesday.")), _tap(SELLER, "actions", CASE),
         _tap(SELLER, "not_satisfied", CASE), _says(SELLER, N_("Wants it on Tuesday")),
         _tap(SELLER, "option:汪店长")),
        _refused,
    ),
    Scene(
        N_("Accepted and carried out"),
        N_("The second measure is accepted by phone and carried out the same day, with the signed delivery note as "
           "proof."),
        (SELLER, LEAD, BUYER, SALES),
        (_clock(at(11, 24, 9, 10)), _tap(SELLER, "propose_remedy", CASE),
         _says(SELLER, N_("Sent by special courier today")), _forward(SELLER), _tap(SELLER, "log_contact", CASE),
         _tap(SELLER, "option:汪店长"), _says(SELLER, N_("She agrees to the courier today")),
         _says(BUYER, N_("Good, that works.")), _tap(SELLER, "satisfied", CASE), _tap(SELLER, "option:汪店长"),
         _says(SELLER, N_("Good, that works.")), _clock(at(11, 24, 15, 40)),
         _tap(SELLER, "done_implementing", CASE), _says(SELLER, N_("Delivery note signed")),
         _photos(SELLER, "receipt"), _forward(SELLER)),
        _at(CASE, "analysing", "closed"),
        last=2,
    ),
    Scene(
        N_("Cause, correction, closing"),
        N_("Quality records the cause; the corrective action goes to dispatch under its own number; once it is done "
           "the case closes, and the customer reads why."),
        (QUALITY, DISPATCH, BUYER, QUALITY_LEAD),
        (_clock(at(11, 25, 10)), _tap(QUALITY, "mine"), _tap(QUALITY, "details", CASE),
         _tap(QUALITY, "analyse", CASE), _says(QUALITY, N_("The second page of the picking list was not printed")),
         _tap(QUALITY, "skip"), _tap(QUALITY, "option:DD"), _tap(QUALITY, "option:yes"),
         _says(QUALITY, N_("Print picking lists page by page and check the page count")), _says(QUALITY, "11-27"),
         _clock(at(11, 25, 14)), _tap(DISPATCH, "plan", CORRECTIVE),
         _says(DISPATCH, N_("One page per sheet, and the pages are counted")), _says(DISPATCH, "11-27"),
         _tap(DISPATCH, "skip"), _tap(QUALITY_LEAD, "approve", CORRECTIVE),
         _clock(at(11, 27, 10, 30)), _tap(DISPATCH, "done", CORRECTIVE),
         _says(DISPATCH, N_("Print template changed, three days without a missing page")), _tap(DISPATCH, "skip"),
         _clock(at(11, 27, 15)), _tap(QUALITY, "close", CASE),
         _says(QUALITY, N_("The second page of the picking list was not printed")),
         _says(QUALITY, N_("Picking lists are printed page by page now")), _tap(QUALITY, "option:汪店长"),
         _tap(QUALITY, "option:text"), _forward(QUALITY)),
        _at(CASE, "closed"),
        last=2,
    ),
    Scene(
        N_("The month in five pictures"),
        N_("On the first working day the draft is there at 08:05; confirmed with one tap, text and charts go to the "
           "channels."),
        (SELLER, LEAD, BUYER, SALES),
        (_clock(at(12, 1, 8, 5)), _tap(LEAD, "confirm", SUMMARY)),
        _at(SUMMARY, "posted"),
        last=3,
    ),
)  # fmt: skip

SAMPLES: dict[str, tuple[str, ...]] = {
    "complaint/description": (N_("Two boxes short, the shop has run out"),),
    "propose_remedy/remedy": (N_("Sent along with Wednesday's regular truck"), N_("Sent by special courier today")),
    "log_contact/result": (
        N_("Told her that it arrives with Wednesday's truck"), N_("She agrees to the courier today"),
    ),
    "not_satisfied/reason": (N_("Wants it on Tuesday"),),
    "satisfied/words": (N_("Good, that works."),),
    "done_implementing/evidence": (N_("Delivery note signed"),),
    "analyse/cause_occur": (N_("The second page of the picking list was not printed"),),
    "analyse/capa_title": (N_("Print picking lists page by page and check the page count"),),
    "analyse/capa_due": ("11-27",),
    "close/cause_for_customer": (N_("The second page of the picking list was not printed"),),
    "close/action_for_customer": (N_("Picking lists are printed page by page now"),),
    "plan/measure": (N_("One page per sheet, and the pages are counted"),),
    "plan/planned_done": ("11-27",),
    "done/evidence": (N_("Print template changed, three days without a missing page"),),
    "contact": (N_("You sent two boxes too few, our shop has run out."), N_("That is too late. We need it on Tuesday."),
                N_("Good, that works.")),
}  # fmt: skip
"""What the people of the story would type, by form and question: one tap for whoever plays it by hand."""
