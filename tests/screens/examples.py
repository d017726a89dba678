"""States of the screen as a hall would have them, plain and extreme; every name in them is invented."""

from dataclasses import replace
from datetime import date, datetime

from kiosk_app.domain.catalogue import Option
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.window.screen_state import (
    Notice,
    Page,
    Printing,
    RateLater,
    ScreenState,
    Service,
    StaffCard,
    WindowSign,
)

NOW = datetime(2026, 11, 22, 14, 32, 20, tzinfo=CHINA_TIME)
BOOT = 5000.0

STAFF = StaffCard(name="测试员一", name_en="Tester One", title="综合受理岗", badge_no="0012", stars=4)

SERVICES = (
    Service("医疗保险参保登记", "Medical insurance registration", "", 0, "0000-1000001"),
    Service("居民户口登记", "Household registration", "", 1, "0000-1000002"),
    Service("不动产权属查询", "Real estate title search", "每件 10 元", 0, "0000-1000003"),
    Service("食品经营许可", "Food business licence", "", 5, "0000-1000004"),
)

NOTICES = (Notice("周三下午大厅系统升级", "15:00 后部分业务暂停受理。"),)

SIGN = WindowSign("测试市政务服务中心", "12", "综合窗口", STAFF, SERVICES, NOTICES)

# The options of the provincial catalogue (R8), with translations of the length that translations have.
OPTIONS: dict[Level, tuple[Option, ...]] = {
    Level.VERY_SATISFIED: (
        Option("510", "一窗受理一次办结", "Everything done at one window, in one visit"),
        Option("511", "可以先受理后补材料", "Accepted first, papers could follow later"),
        Option("512", "不用提交证明", "No certificates were needed"),
        Option("513", "可以全程网上办理", "It can be done entirely online"),
        Option("514", "可以使用手机办理", "It can be done by mobile phone"),
        Option("515", "可以就近办理", "It can be done close to home"),
        Option("516", "无需材料直接办理", "No papers were needed at all"),
        Option("517", "服务热情效率高", "Friendly and efficient service"),
    ),
    Level.SATISFIED: (
        Option("406", "填写一张表单就可完成申报", "One form was enough to apply"),
        Option("407", "在线提交材料窗口核验", "Papers sent online, checked at the window"),
        Option("408", "一张清单告知全部申报材料", "One list named all the papers needed"),
        Option("409", "用告知承诺减免申报材料", "A signed pledge replaced some papers"),
        Option("410", "可以在线预约办理", "It can be booked online"),
        Option("411", "跑大厅一次办完", "Done in one trip to the hall"),
        Option("412", "可以使用自助机办理", "It can be done at a self-service machine"),
        Option("413", "服务态度较好", "The staff were friendly"),
    ),
    Level.BASICALLY_SATISFIED: (
        Option("307", "一次性告知需要补正的材料", "Told once and fully what had to be corrected"),
        Option("308", "提供申报材料样本", "Sample papers were provided"),
        Option("309", "在承诺的时间内办结", "Done within the promised time"),
        Option("310", "办事指南指引准确", "The service guide was accurate"),
        Option("311", "按办事指南要求的材料即可办理", "The papers named in the guide were enough"),
        Option("312", "可以快递送达", "The result can be sent by courier"),
        Option("313", "跑动次数与承诺的一致", "As many trips as promised"),
        Option("314", "服务态度一般", "The staff were neither friendly nor rude"),
    ),
    Level.DISSATISFIED: (
        Option("207", "没有提供材料样本", "No sample papers were provided"),
        Option("208", "没有提供材料清单", "No list of papers was provided"),
        Option("209", "未在承诺时间内办结", "Not done within the promised time"),
        Option("210", "同样内容的证明材料被要求多次提交", "The same proof had to be handed in repeatedly"),
        Option("211", "承诺网办但无法在线办理", "Promised online, but it does not work online"),
        Option("212", "在线预约办理后到实体大厅重复取号排队", "Booked online, yet had to queue again here"),
        Option("213", "窗口人员业务不熟练", "The staff did not know the procedure well"),
        Option("214", "服务态度生硬", "The staff were curt"),
    ),
    Level.VERY_DISSATISFIED: (
        Option("108", "在办事指南之外增加新的审批条件", "Conditions added that are not in the guide"),
        Option("109", "需提供办事指南之外的申报材料", "Papers demanded that are not in the guide"),
        Option("110", "无理由超过法定办理时间", "Took longer than the law allows, without reason"),
        Option("111", "办事指南提供样本有错", "The samples in the guide are wrong"),
        Option("112", "承诺在线收取申报材料实际无法收取", "Papers could not be sent online as promised"),
        Option("113", "多头跑窗口和部门", "Sent from window to window and office to office"),
        Option("114", "跑动次数与承诺的不一致", "More trips than promised"),
        Option("115", "服务态度差效率低", "Rude and slow service"),
    ),
}

LATER = RateLater(
    missed_id="missed-1",
    code="8080-RGG0-0PFZ-R84R",
    link="https://platform.example.cn/r/8080-RGG0-0PFZ-R84R",
    last_day=date(2026, 11, 27),
    printing=Printing.READY,
    may_print=True,
)


def state(page: Page, **changes: object) -> ScreenState:
    """A page as it usually is, with these fields changed."""
    usual: dict[Page, dict[str, object]] = {
        Page.SERVING: {"ticket_no": "A012"},
        Page.CHOICES: {"ticket_no": "A012", "evaluator": True, "countdown": Countdown(BOOT + 22.5, 30)},
        Page.DETAILS: {
            "rating_id": "rating-1",
            "options": OPTIONS[Level.DISSATISFIED],
            "countdown": Countdown(BOOT + 26.5, 30),
        },
        Page.THANKS: {"countdown": Countdown(BOOT + 3.5, 5)},
        Page.NOT_NOW: {"countdown": Countdown(BOOT + 3.5, 5)},
        Page.LATER: {"later": LATER, "countdown": Countdown(BOOT + 26.5, 30)},
        Page.AWAY: {"away_reason": "工作人员外出开会", "back_at": NOW.replace(hour=15, minute=30)},
    }
    return replace(ScreenState(page=page, sign=SIGN), **{**usual.get(page, {}), **changes})  # type: ignore[arg-type]
