"""Recognition of one of ours (M-113): who did well and what for, never a reward for what a customer answered."""

from conversations.fields import Field, Kind
from conversations.forms import Form
from conversations.permissions import Capacity
from conversations.procedure import Action
from conversations.words import N_

RECOGNITION = Form("recognise", N_("Recognise"), (
    Field("recognised", N_("Who"), N_("Who did well? It has nothing to do with the grade a customer gave."),
          Kind.PERSON),
    Field("recognised_for", N_("Recognised for"), N_("What did they do well?"), Kind.LONG_TEXT, shortest=2,
          longest=300),
))  # fmt: skip


def recognise(by: frozenset[Capacity], *steps: str) -> Action:
    """Recognise somebody at these steps: kept with the case, shown in its details."""
    return Action(key="recognise", label=N_("Recognise"), by=by, at=steps, form=RECOGNITION, clause="D8",
                  words=("表扬", "recognise"))  # fmt: skip
