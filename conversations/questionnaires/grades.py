"""The four grades of D1 4.2.3.1. Their scores are lost there: 100, 80, 50 and 0 are ours, to be approved."""

from decimal import Decimal

from conversations.questionnaire import Grade
from conversations.words import Text

UNAPPROVED = "示例,请公司批准"
"""What is said of every weight and score that the procedures do not give (requirements A-03)."""

VERY, FAIRLY, LITTLE, NOT = (
    Text("很满意", "Very satisfied"),
    Text("满意", "Satisfied"),
    Text("较不满意", "Rather dissatisfied"),
    Text("不满意", "Dissatisfied"),
)
SCORES = (Decimal(100), Decimal(80), Decimal(50), Decimal(0))


def four(*helps: Text) -> tuple[Grade, ...]:
    """The four grades, each with the words that say when to tick it."""
    labels = (VERY, FAIRLY, LITTLE, NOT)
    keys = ("very_satisfied", "satisfied", "rather_dissatisfied", "dissatisfied")
    return tuple(Grade(*each) for each in zip(keys, labels, SCORES, helps, strict=True))
