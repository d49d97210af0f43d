"""Questionnaires and answers of every shape for the proofs of scoring: small ones by hand, large ones from a seed."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from conversations.questionnaire import Grade, Group, Item, Questionnaire, Scale
from conversations.words import Text
from reports.satisfaction_figures import Campaign, Response, SatisfactionFigures
from reports.scoring import Answer, Before, figures, tally

ZONE = ZoneInfo("Asia/Shanghai")
CUT_OFF = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
PLAIN = Campaign(Text("满意度", "Satisfaction"), "2026年下半年", CUT_OFF, ZONE)
GRADES = tuple(
    Grade(key, Text(label, key), Decimal(score))
    for key, label, score in (
        ("very", "很满意", 100),
        ("yes", "满意", 80),
        ("rather", "较不满意", 50),
        ("no", "不满意", 0),
    )
)
NAMES = ("凌岳", "瀚途", "Arvenholm", "某某新能源汽车(集团)股份有限公司", "$x^2$ <b>", "😀汽车", "A", "")
LABELS = (
    "产品质量", "Departure and arrival time convenient", "设备与劳保用品的发放是否及时", "", "Łódź", "价格", "0",
    "WWWWWWWWWWWWWWWWWWWWWWWWWW", "客户 \u202e逆序", "{score}",
)  # fmt: skip


def asked(weights: dict[str, str], groups: dict[str, str] | None = None, scale: Scale | None = None) -> Questionnaire:
    """A questionnaire of items with weights, in one group or in those that are named."""
    of = groups or dict.fromkeys(weights, "all")
    return Questionnaire(
        key="test",
        version=1,
        name=Text("问卷", "Questions"),
        items=tuple(Item(key, Text(key, key), of[key], Decimal(weight)) for key, weight in weights.items()),
        groups=tuple(Group(key, Text(key, key)) for key in dict.fromkeys(of.values())),
        grades=() if scale else GRADES,
        scale=scale,
    )


def given(*rows: Mapping[str, int | None], customers: Sequence[str] = ()) -> list[Answer]:
    """Answers, one respondent to a row; None is a missing one."""
    return [
        Answer(number, item, None if answer is None else Decimal(answer), customers[number] if customers else "")
        for number, row in enumerate(rows)
        for item, answer in row.items()
    ]


def scored(questionnaire: Questionnaire, answers: Sequence[Answer], campaign: Campaign = PLAIN) -> SatisfactionFigures:
    """The figures of answers."""
    return figures(questionnaire, tally(questionnaire, answers), campaign)


def at_random(seed: int) -> SatisfactionFigures:
    """A survey of a seed: one to twenty-five items, grades or a scale, nobody to thousands, with and without a past."""
    chance = random.Random(seed)
    scale = chance.choice((None, None, Scale(Decimal(1), Decimal(chance.choice((5, 10, 100))))))
    count = chance.choice((1, 3, 6, 10, 25))
    keys = [f"i{at}" for at in range(count)]
    shares = [chance.randint(0 if at else 1, 9) for at in range(count)]
    weights = [Decimal(share) if scale else Decimal(share) / 1000 for share in shares]
    if not scale:
        weights[0] = 1 - sum(weights[1:], Decimal(0))
    places = [chance.randint(0, min(count, 6) - 1) for _ in keys]
    questionnaire = Questionnaire(
        key="random",
        version=1,
        name=Text("问卷", "Questions"),
        items=tuple(
            Item(key, Text(label, label), f"g{place}", weight)
            for key, place, weight in zip(keys, places, weights, strict=True)
            for label in [chance.choice(LABELS) + chance.choice(("", f"{key}"))]
        ),
        groups=tuple(Group(f"g{place}", Text(f"类别{place}", f"Group {place}")) for place in sorted(set(places))),
        grades=() if scale else GRADES,
        scale=scale,
    )
    return figures(questionnaire, tally(questionnaire, _answers(chance, questionnaire)), *_compared(chance, keys))


def _answers(chance: random.Random, questionnaire: Questionnaire) -> list[Answer]:
    scale = questionnaire.scale
    possible = [grade.score for grade in GRADES] if scale is None else [scale.minimum, scale.maximum, Decimal(3)]
    named = chance.random() < 0.6
    return [
        Answer(who, item.key, chance.choice((*possible, None)), chance.choice(NAMES) if named else "")
        for who in range(chance.choice((0, 1, 4, 60, 1200 // len(questionnaire.items))))
        for item in questionnaire.items
    ]


def _compared(chance: random.Random, keys: Sequence[str]) -> tuple[Campaign, Before]:
    def score() -> Decimal:
        return Decimal(chance.randint(0, 1000)) / 10

    invited = chance.randint(0, 300)
    campaign = Campaign(
        title=Text("顾客满意度", "Customer satisfaction"),
        period=chance.choice(("2026年下半年", "survey_of_a_long_name_from_a_file_somewhere.csv")),
        cut_off=CUT_OFF,
        zone=ZONE,
        form="HLLG-QR721-04",
        target=chance.choice((None, score())),
        competitor=chance.choice((None, score())),
        competitor_name=chance.choice(("", "同行甲", "某某新能源汽车(集团)股份有限公司")),
        threshold=chance.choice((None, Decimal(60))),
        response=chance.choice((None, Response(invited, chance.randint(0, invited), chance.choice((None, 80))))),
        previous=[(f"第{at}次", score()) for at in range(chance.choice((0, 1, 7)))],
        sample=chance.random() < 0.3,
    )
    return campaign, Before({key: score() for key in keys if chance.random() < 0.5}, {"g0": score()})
