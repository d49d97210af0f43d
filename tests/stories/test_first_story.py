"""The main job, whole: domain C6, thread 1, from the first word to closing."""

from tests.support.desk import Desk, at


def test_the_story_of_domain_c6(desk: Desk) -> None:
    """
    A complaint runs late over a weekend, the right people hear at the right time, round 2 is accepted, it closes.
    """
    desk.report()
    desk.tap("程小满", "sent", "TS-2026-0082")
    desk.until(at(11, 23, 13, 30))
    desk.say("程小满", "提措施 82", "周三随班车补发", "登记沟通 82", "汪店长", "告知周三到货")
    desk.say("程小满", "不满意 82", "要求周二到货", "汪店长")
    desk.until(at(11, 24, 9, 10))
    desk.say("程小满", "提措施 82", "今天专车补发", "登记沟通 82", "汪店长", "同意", "满意 82", "汪店长", "跳过")
    desk.until(at(11, 24, 15, 40))
    desk.say("程小满", "已实施 82", "签收单已回", "跳过")
    desk.until(at(11, 25, 10))
    desk.say(
        "梁可欣", "登记原因 82", "拣货单漏打印第二页", "跳过", "总调度室", "需要", "拣货单改为自动分页打印", "11-27"
    )
    last = desk.say("梁可欣", "关闭 82", "拣货单漏打印第二页", "改为自动打印", "汪店长", "已发送")

    assert "已关闭" in last
    assert [h.at for h in desk.heard("石松涛", "下班前请处理")] == [at(11, 20, 16, 30)]
    assert [h.at for h in desk.heard("顾晓岚", "超期通知|")] == [at(11, 22, 16, 5)]
    assert [h.at for h in desk.heard("channel:XS", "超期通知|")] == [at(11, 23, 8)]
    assert [h.at for h in desk.heard("顾晓岚", "超期升级(主管)")] == [at(11, 23, 12)]
    assert "JZ-2026-0033" in desk.say("姚锦程", "我的事项") or desk.do(lambda uow: uow.cases.find("JZ-2026-0033"))
