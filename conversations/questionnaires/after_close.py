"""Three questions after a complaint is closed: how quickly, how well, and how kindly it was dealt with."""

from decimal import Decimal

from conversations.questionnaire import Group, Item, Questionnaire
from conversations.questionnaires.grades import UNAPPROVED, four
from conversations.words import Text

AFTER_CLOSE = Questionnaire(
    key="after_close",
    version=1,
    name=Text("投诉处理满意度", "Satisfaction with how a complaint was dealt with"),
    groups=(Group("handling", Text("投诉处理", "Handling of the complaint")),),
    items=(
        Item("speed", Text("处理速度", "Speed"), "handling", Decimal("0.3")),
        Item("result", Text("处理结果", "Result"), "handling", Decimal("0.4")),
        Item("manner", Text("服务态度", "Manner"), "handling", Decimal("0.3")),
    ),
    grades=four(
        Text("比预期好", "Better than expected"),
        Text("符合预期", "As expected"),
        Text("有不足,希望改进", "Shortcomings that should be mended"),
        Text("没有解决问题", "The problem was not solved"),
    ),
    sample=True,
    source=f"D9 4.3.1; 权重与等级分:{UNAPPROVED}",
)
