"""The guide of an item, with everything that R21 asks for, on the screen and as a 一次性告知单."""

from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.kiosk.screen_state import Guide, Name, Page, Printing, say
from kiosk_app.kiosk.service import Action
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import KioskRig, words_of


def rows(rig: KioskRig) -> dict[str, object]:
    return {row.label.key: row.value for row in rig.content(Guide).rows}


def test_the_guide_tells_everything_that_the_hall_has_told(rig: KioskRig) -> None:
    rig.choose("look_up", "guide", "社会保险", "S-1")
    assert rig.page() is Page.GUIDE
    assert rig.content(Guide).title == Name("医疗保险参保登记", "Health insurance registration")
    assert rows(rig) == {
        "guide.materials": Name("1. 身份证明\n2. 登记表"),
        "guide.steps": Name("1. 申请\n2. 受理\n3. 办结"),
        "guide.conditions": Name("在本地居住"),
        "guide.promised_days": say("guide.at_once"),
        "guide.legal_days": say("guide.days", days=20),
        "guide.fee": say("guide.free"),
        "guide.fee_basis": Name("测试规定第一条"),
        "guide.basis": Name("测试办法第二条"),
        "guide.department": Name("社会保险"),
        "guide.phone": Name("0000-1001"),
    }


def test_what_the_hall_has_not_told_is_left_out_and_nothing_is_made_up(rig: KioskRig) -> None:
    rig.choose("look_up", "guide", "社会保险", "S-2")
    assert rows(rig) == {"guide.department": Name("社会保险")}


def test_a_fee_is_told_as_the_hall_words_it(make_rig: MakeRig) -> None:
    items = [{**small_hall.ITEMS[0], "fee": "10 元", "materials": ["只有一份"]}]
    rig = make_rig(sections=small_hall.hall(items=items))
    rig.choose("look_up", "guide", "社会保险", "S-1")
    assert rows(rig)["guide.fee"] == Name("10 元")
    assert rows(rig)["guide.materials"] == Name("只有一份")


def test_the_guide_is_printed_and_is_no_record(rig: KioskRig) -> None:
    rig.choose("look_up", "guide", "社会保险", "S-1")
    before = len(rig.records())
    assert rig.content(Guide).may_print
    rig.act(Action.PRINT)
    assert rig.content(Guide).printing is Printing.PRINTING
    assert not rig.content(Guide).may_print
    rig.act(Action.PRINT)
    assert rig.printer is not None
    assert len(rig.printer.jobs) == 1
    words = words_of(rig.printer.slips[0])
    for expected in ("一次性告知单", "身份证明", "登记表", "办结", "测试办法第二条", "0000-1001"):
        assert expected in words
    rig.print_ends(PrintState.FAILED)
    assert rig.content(Guide).printing_line == say("printing.guide.failed")
    rig.act(Action.PRINT)
    rig.print_ends()
    assert rig.content(Guide).printing_line == say("printing.take")
    assert len(rig.records()) == before


def test_without_paper_the_guide_is_not_offered_on_paper(rig: KioskRig, make_rig: MakeRig) -> None:
    rig.printer_becomes(Condition.PAPER_OUT)
    rig.choose("look_up", "guide", "社会保险", "S-1")
    assert not rig.content(Guide).may_print
    without = make_rig("without a printer")
    without.choose("look_up", "guide", "社会保险", "S-1")
    assert not without.content(Guide).may_print
