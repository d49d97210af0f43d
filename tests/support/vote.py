"""A procedure that only tests declare: somebody proposes a plan, others decide on it together."""

from conversations.deadlines import Basis
from conversations.fields import Field, Kind
from conversations.forms import Form
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Deadline, Procedure, Step, by, starts_at
from conversations.rules import ADDITION, rule
from conversations.sign_off import SIGNING_TELLS, Decision, Needs, Signer, Signers, SignOff

PLAN = Field("plan", "Plan", "What is planned?", longest=200)
PHOTOS = Field("photos", "Photos", "Send the photos or files, at most 9.", Kind.FILES, required=False)
LEADS = (Signer(role="qa_lead"), Signer(role="tech_lead"), Signer(role="production_lead"))


def sign_off(signers: Signers = LEADS, needs: Needs = Needs.ALL, quorum: int = 0) -> SignOff:
    """Three heads of department decide on a plan."""
    return SignOff(
        signers=signers, needs=needs, quorum=quorum, shows=("plan", "photos"), proposed_by=("propose",),
        approved="agreed", refused="drafting", deadline="KV",
    )  # fmt: skip


def vote(asked: SignOff | None = None) -> Procedure:
    """The procedure around it."""
    return Procedure(
        key="vote",
        title="Vote",
        prefix="VT",
        intake=Form("vote", "Vote", (Field("title", "Title", "What is it about?"),)),
        starts=by(Who.ANYONE),
        first=starts_at("drafting"),
        first_steps=("drafting",),
        steps=(
            Step(key="drafting", label="Drafting", holder="SC"),
            Step(key="deciding", label="To be decided", sign_off=asked or sign_off()),
            Step(key="agreed", label="Agreed"),
            Step(key="finished", label="Finished", ending=True),
        ),
        actions=(
            Action(key="propose", label="Propose", by=by(Who.MEMBER), at=("drafting",), to="deciding",
                   form=Form("propose", "Propose", (PLAN, PHOTOS)), takes=True, words=("议案",)),
            Action(key="yes", label="Approve", by=by(Who.SIGNER), at=("deciding",), signs=Decision.APPROVE,
                   leads_to=("agreed",), words=("赞成",)),
            Action(key="no", label="Return", by=by(Who.SIGNER), at=("deciding",), signs=Decision.REFUSE,
                   form=Form("no", "Return", (Field("why", "Reason", "Why?"),)), leads_to=("drafting",)),
            Action(key="amend", label="Amend", by=by(Who.MEMBER), at=("deciding", "agreed"),
                   form=Form("amend", "Amend", (PLAN,)), words=("改案",)),
            Action(key="remark", label="Remark", by=by(Who.ANYONE), words=("备注",),
                   form=Form("remark", "Remark", (Field("remark", "Remark", "What?"),))),
            Action(key="finish", label="Finish", by=by(Who.MEMBER), at=("agreed",), to="finished", words=("结案",)),
        ),
        deadlines=(
            Deadline(key="KV", needs="decide", rule="vote.KV", tells=SIGNING_TELLS,
                     starts=lambda facts: facts.latest.at if facts.step == "deciding" != facts.latest.step else None,
                     met=lambda facts: facts.step != "deciding"),
        ),
        rules=(rule("vote.KV", (2, "d", Basis.WORKING), ADDITION, "Decision"),),
        words=("表决",),
    )  # fmt: skip
