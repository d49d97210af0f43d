"""《员工满意度调查表》: what every employee is asked once a year, without a name (D1 4.1.3)."""

from decimal import Decimal

from conversations.questionnaire import Group, Item, Questionnaire
from conversations.questionnaires.grades import UNAPPROVED, four
from conversations.words import Text

EACH = Decimal("0.1")

EMPLOYEE = Questionnaire(
    key="employee",
    version=1,
    name=Text("员工满意度调查表", "Employee satisfaction questionnaire"),
    groups=(
        Group("surroundings", Text("工作环境", "Working conditions")),
        Group("pay", Text("薪酬福利", "Pay and benefits")),
        Group("management", Text("管理", "Management")),
        Group("growth", Text("培训发展", "Training and growth")),
        Group("climate", Text("沟通氛围", "Communication and climate")),
    ),
    items=(
        Item("safety", Text("作业环境与安全", "Workplace and safety"), "surroundings", EACH),
        Item("tools", Text("设备与劳保用品", "Equipment and protection"), "surroundings", EACH),
        Item("wages", Text("薪酬", "Pay"), "pay", EACH),
        Item("benefits", Text("福利与食宿", "Benefits, meals, lodging"), "pay", EACH),
        Item("superior", Text("直接上级的管理", "One's superior"), "management", EACH),
        Item("rules", Text("制度与考核公平", "Fair rules and appraisal"), "management", EACH),
        Item("training", Text("培训", "Training"), "growth", EACH),
        Item("prospects", Text("晋升与发展机会", "Prospects"), "growth", EACH),
        Item("voice", Text("意见反映与回复", "Being heard and answered"), "climate", EACH),
        Item("teamwork", Text("部门间协作与氛围", "Working together"), "climate", EACH),
    ),
    grades=four(
        Text("对此很有信心,没有要改的", "Full confidence, nothing to change"),
        Text("总体满意", "Satisfied on the whole"),
        Text("有不足,希望改进", "Shortcomings that should be mended"),
        Text("不能接受,必须改进", "Not acceptable, must be mended"),
    ),
    sample=True,
    source=f"D1 4.1.3–4.1.4; 调查项目、权重与等级分:{UNAPPROVED}",
)
