"""Forms that nobody would declare: every kind of question, up to forty options, conditions, hostile labels."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from conversations.fields import Answers, Field, Kind, Lookups, Option, always, filled, named
from conversations.forms import Form
from conversations.permissions import Capacity
from conversations.procedure import OPEN, Action, Procedure, Step, by, starts_at
from tests.support.hostile import PAYLOADS

WORDS = (
    "停线", "包装", "孔位偏移", "外观", "交付迟到", "客户要求挑选或返工", "😀", "👨‍👩‍👧‍👦到场", "Line may stop",
    "8D 报告", "其他", "暂不清楚", "非常长的一个选项名称要说清楚很多事情才行",
)  # fmt: skip
CHOICES = (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YES_NO)
TYPED = (Kind.TEXT, Kind.LONG_TEXT, Kind.WHOLE, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.DATE_TIME)
LOOKED_UP = (Kind.CUSTOMER, Kind.PRODUCT, Kind.DEFECT, Kind.DEPARTMENT, Kind.PERSON, Kind.CONTACT)
TEXTS = {
    Kind.TEXT: ("孔位偏", "见照片 <b>1</b>", "{0} 只"), Kind.LONG_TEXT: ("前下控制臂,装配线发现,装不上",),
    Kind.WHOLE: ("120", "3"), Kind.DECIMAL: ("3.14",), Kind.MONEY: ("99.50",), Kind.DATE: ("2026-12-01",),
    Kind.DATE_TIME: ("2026-11-20 08:05",), Kind.CONTACT: ("汪店长",), Kind.PRODUCT: ("前下控制臂总成",),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A form, and what a person would answer: of a choice the keys of its options, of anything else words."""

    form: Form
    seed: int

    def answer(self, field: Field, known: Answers, look: Lookups) -> tuple[str, ...]:
        """The same answer to the same question whoever asks it, and however."""
        chance = random.Random(f"{self.seed}/{field.key}")
        if field.kind is Kind.FILES or (not field.required and chance.random() < 0.3):
            return ()
        options = [option.key for option in field.choices(known, look) if option.hint is None]
        if field.kind is Kind.MULTI_CHOICE:
            return tuple(sorted(chance.sample(options, chance.randint(1, min(len(options), 4))), key=options.index))
        if options and (field.kind not in TYPED or chance.random() < 0.5):
            return (chance.choice(options),)
        return (chance.choice(TEXTS[field.kind]),)


def form_of(seed: int) -> Asked:
    """The form of a number, the same on every machine."""
    chance = random.Random(seed)
    fields: list[Field] = []
    for number in range(chance.randint(2, 9)):
        fields.append(_field(chance, number, fields))
    if chance.random() < 0.3:
        fields.append(Field("confirm", "处理", "请核对后提交", Kind.CHOICE, _options(chance, chance.randint(1, 3))))
    confirm = "confirm" if fields[-1].key == "confirm" else ""
    return Asked(Form(f"random{seed}", _words(chance), tuple(fields), confirm), seed)


def procedure_of(asked: Asked) -> Procedure:
    """A procedure that begins with this form, and ends."""
    return Procedure(
        key=asked.form.key, title=f"随机{asked.seed}", prefix=f"R{asked.seed}", intake=asked.form,
        starts=by(Capacity.ANYONE), first=starts_at("open"), first_steps=("open",),
        steps=(Step(key="open", label="开着", holder="XS"), Step(key="kept", label="已归档", ending=True)),
        actions=(Action(key="keep", label="归档", by=by(Capacity.MEMBER), at=(OPEN,), to="kept"),),
        words=(f"随机{asked.seed}",),
    )  # fmt: skip


def _field(chance: random.Random, number: int, before: list[Field]) -> Field:
    kind = chance.choices((*CHOICES, *TYPED, *LOOKED_UP, Kind.FILES),
                          weights=(24, 4, 9, *[1] * (len(TYPED) + len(LOOKED_UP) + 1)))[0]  # fmt: skip
    few = chance.random() < 0.7
    options: tuple[Option, ...] | Callable[[Answers, Lookups], tuple[Option, ...]] = ()
    if kind in (Kind.CHOICE, Kind.MULTI_CHOICE) or (kind in TYPED[2:] and chance.random() < 0.2):
        options = _options(chance, chance.choice((chance.randint(1, 7), 9, 10)) if few else chance.randint(1, 40))
    if kind is Kind.CHOICE and before and chance.random() < 0.2:
        options = _depending(options, chance.choice(before).key)
    when = _condition(chance, before) if before and chance.random() < 0.3 else always
    preset = filled("k0") if kind is Kind.CHOICE and not callable(options) and chance.random() < 0.1 else None
    return Field(
        f"q{number}", _words(chance), _words(chance) + "?", kind, options, when=when, preset=preset,
        required=kind is not Kind.FILES and chance.random() < 0.85,
        typed=kind in (Kind.CONTACT, Kind.PRODUCT) or (kind in LOOKED_UP and chance.random() < 0.3),
    )  # fmt: skip


def _options(chance: random.Random, count: int) -> tuple[Option, ...]:
    """Options with short names, one in seven of them long or hostile, now and then two alike."""

    def name(index: int) -> str:
        if chance.random() < 0.02:
            return chance.choice(PAYLOADS[:-1])
        return chance.choice(WORDS if chance.random() < 0.1 else WORDS[:4]) + (
            "" if chance.random() < 0.02 else str(index)
        )

    return tuple(named(f"k{index}", name(index)) for index in range(count))


def _depending(options: object, key: str) -> Callable[[Answers, Lookups], tuple[Option, ...]]:
    """Half of the options or all of them, as an earlier answer decides."""
    found = options if isinstance(options, tuple) else ()
    return lambda answers, _look: found if sum(map(ord, str(answers.get(key)))) % 2 else found[: (len(found) + 1) // 2]


def _condition(chance: random.Random, before: list[Field]) -> Callable[[Answers], bool]:
    key, wanted = chance.choice(before).key, chance.choice(("k0", "yes", None))
    if chance.random() < 0.3:
        return lambda answers: key in answers
    return lambda answers: (answers.get(key) == wanted) if wanted else answers.get(key) != "k0"


def _words(chance: random.Random) -> str:
    return "".join(chance.choice(WORDS) for _ in range(chance.choice((1, 1, 1, 2, 5))))
