"""《顾客满意度调查表》 (HLLG-QR721-03, alias 《顾客满意程度调查表》): what customers are asked every half year."""

from decimal import Decimal

from conversations.questionnaire import Group, Item, Questionnaire
from conversations.questionnaires.grades import UNAPPROVED, four
from conversations.words import Text

CUSTOMER = Questionnaire(
    key="customer",
    version=1,
    name=Text("顾客满意度调查表", "Customer satisfaction questionnaire"),
    # the element groups of D9 4.3.1; the fifth, 顾客投诉, is measured from records and asked nowhere
    groups=(
        Group("product", Text("交付产品质量", "Quality of delivered product")),
        Group("delivery", Text("准时交付业绩", "On-time delivery")),
        Group("service", Text("服务满意率", "Satisfaction with service")),
        Group("competitiveness", Text("比较竞争力", "Competitiveness")),
    ),
    items=(
        Item("quality", Text("产品质量", "Product quality"), "product", Decimal("0.4")),
        Item("packaging", Text("包装", "Packaging"), "product", Decimal(0)),
        Item("delivery", Text("交货期", "Delivery"), "delivery", Decimal("0.2")),
        Item("service", Text("服务", "Service"), "service", Decimal("0.2")),
        Item("price", Text("价格", "Price"), "competitiveness", Decimal("0.2")),
        Item("competitiveness", Text("竞争力", "Compared with others"), "competitiveness", Decimal(0)),
    ),
    grades=four(
        Text("对公司产品充满信心,相对其他厂家我公司具备优势",
             "Full confidence in our products; we have an advantage over other makers"),
        Text("符合要求,与其他厂家相当", "Meets the requirements, as good as other makers"),
        Text("基本能用,但有不足,希望改进", "Usable, but with shortcomings that should be mended"),
        Text("不能接受,必须改进", "Not acceptable, must be mended"),
    ),
    sample=True,
    source=f"D9 4.3.2.2, D1 4.2.1–4.2.3; 权重与等级分:{UNAPPROVED}; 包装、竞争力不计入总分,待公司批准权重",
)  # fmt: skip
