"""Pages with nothing, too much or the unexpected in them, on every screen."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from kiosk_app.domain.levels import Level
from kiosk_app.window.screen_state import Notice, Page, Service, StaffCard, WindowSign
from tests.screens import examples
from tests.screens.checks import check_choices, check_contrast, check_page, check_places, save
from tests.screens.terminal import (
    LARGE,
    PORTRAIT,
    SEVEN_INCH,
    SIZES,
    TEN_INCH,
    Size,
    Terminal,
    rect_of,
    text_of,
)

OpenTerminal = Callable[..., Terminal]

BETWEEN = (
    Size(800, 480, 5.2),
    Size(1366, 768, 3.96),
    Size(1280, 1024, 3.8),
    Size(1024, 768, 4.0),
    Size(768, 1366, 3.96),
    Size(2560, 1440, 4.3),
    Size(3840, 2160, 6.0),
)


@pytest.mark.parametrize("size", BETWEEN, ids=str)
@pytest.mark.parametrize("page", [Page.SIGN, Page.CHOICES, Page.DETAILS], ids=str)
def test_screens_between(open_terminal: OpenTerminal, page: Page, size: Size) -> None:
    terminal = open_terminal(examples.state(page), size, "en")
    check_page(terminal, terminal.picture())
    if page is Page.CHOICES:
        check_choices(terminal)


@pytest.mark.parametrize("density", [0.9, 30.0])
def test_screen_that_lies_about_its_size(open_terminal: OpenTerminal, density: float) -> None:
    """A density that no screen has is not believed; the page is as on a ten-inch terminal."""
    liar = open_terminal(examples.state(Page.CHOICES), Size(1280, 800, density))
    honest = open_terminal(examples.state(Page.CHOICES), TEN_INCH)
    words, expected = liar.control("decline"), honest.control("decline")
    assert words.height() == pytest.approx(expected.height(), rel=0.02)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("count", [0, 1, 4, 40])
def test_services(open_terminal: OpenTerminal, size: Size, language: str, count: int) -> None:
    """Every service is on one of the pages (R18)."""
    services = tuple(
        replace(examples.SERVICES[n % 4], name=f"{n}号{examples.SERVICES[n % 4].name}", name_en=f"Service {n}")
        for n in range(count)
    )
    sign = replace(examples.SIGN, services=services)
    terminal = open_terminal(examples.state(Page.SIGN, sign=sign), size, language)
    wanted = [service.name_en if language == "en" else service.name for service in services]
    seen = list(_names_on_page(terminal, wanted))
    while len(seen) < count:
        check_page(terminal, terminal.picture())
        terminal.touch("nextPage")
        terminal.picture()
        new = _names_on_page(terminal, wanted)
        assert new, "a page without a service"
        assert not set(new) & set(seen), "a service twice"
        seen += new
    check_page(terminal, terminal.picture())
    assert seen == wanted


def _names_on_page(terminal: Terminal, names: list[str]) -> list[str]:
    shown = set(terminal.words())
    return [name for name in names if name in shown]


def test_services_turn_by_themselves(open_terminal: OpenTerminal) -> None:
    """Slowly, with a fade, and only where there is more than one page."""
    services = tuple(Service(f"事项{n}") for n in range(40))
    sign = replace(examples.SIGN, services=services)
    terminal = open_terminal(examples.state(Page.SIGN, sign=sign))
    table = next(item for item in terminal.items("QQuickRectangle") if item.objectName() == "services")
    assert table.property("pages") > 1
    assert table.property("turnsByItself")
    terminal.show(examples.state(Page.SIGN))
    assert table.property("pages") == 1
    assert not table.property("turnsByItself")


LONG = WindowSign(
    hall="测试自治区测试地区测试市政务服务和公共资源交易管理中心",
    number="A-128",
    department="测试市市场监督管理局行政审批服务科综合受理窗口",
    staff=StaffCard(
        name="阿卜杜热合曼·测试买买提江",
        name_en="Abdurahman Test-Muhammadjan",
        title="行政审批综合受理岗首席代表",
        badge_no="XJ-2026-000128",
        stars=5,
        honours=("红旗窗口", "党员先锋岗", "服务标兵", "群众满意窗口"),
    ),
    services=(
        Service(
            "建设用地（含临时用地）规划许可证核发、变更、延期、补证及相关规划条件核实一并办理",
            "Issue, change, extension and replacement of planning permits for construction land, with checks",
            "按国家和自治区有关规定收取，每证 80 元，企业另计",
            120,
            "0951-2070000 转 8123",
        ),
        *examples.SERVICES,
    ),
    notices=(Notice("关于调整办公时间的通知", "自十二月一日起，周一至周五上午十点开始受理，下午七点半结束。" * 4),),
)


@pytest.mark.parametrize("large_type", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", [Page.SIGN, Page.CHOICES, Page.AWAY], ids=str)
def test_very_long_names(open_terminal: OpenTerminal, page: Page, language: str, size: Size, large_type: bool) -> None:
    """They are shortened; they never push anything out of its place."""
    reason = "工作人员参加全市政务服务系统业务培训和消防演练"
    state = examples.state(page, sign=LONG, **({"away_reason": reason} if page is Page.AWAY else {}))
    terminal = open_terminal(state, size, language, large_type)
    picture = terminal.picture()
    save(picture, f"long-{page}-{language}-{size}{'-large' if large_type else ''}")
    check_places(terminal)
    check_contrast(terminal, picture)


@pytest.mark.parametrize("shape", [(120, 160), (160, 120)], ids=["portrait", "landscape"])
@pytest.mark.parametrize("size", [SEVEN_INCH, PORTRAIT], ids=str)
def test_photo_fills_its_frame(open_terminal: OpenTerminal, tmp_path: Path, shape: tuple[int, int], size: Size) -> None:
    photo = QImage(*shape, QImage.Format.Format_RGB32)
    photo.fill(QColor("#00ff00"))
    file = tmp_path / "photo.png"
    assert photo.save(str(file))
    staff = replace(examples.STAFF, photo_file=str(file))
    terminal = open_terminal(examples.state(Page.SIGN, sign=replace(examples.SIGN, staff=staff)), size)
    picture = terminal.picture()
    frame = next(item for item in terminal.items("QQuickImage") if "photo.png" in item.property("source").toString())
    centre = rect_of(frame).center().toPoint()
    assert picture.pixelColor(centre).name() == "#00ff00"


@pytest.mark.parametrize("photo", ["missing", "broken"])
def test_silhouette_where_there_is_no_photo(open_terminal: OpenTerminal, tmp_path: Path, photo: str) -> None:
    file = tmp_path / f"{photo}.png"
    if photo == "broken":
        file.write_bytes(b"not a picture")
    staff = replace(examples.STAFF, photo_file=str(file))
    terminal = open_terminal(examples.state(Page.SIGN, sign=replace(examples.SIGN, staff=staff)))
    sources = [item.property("source").toString() for item in terminal.items("QQuickImage")]
    assert any(source.endswith("silhouette.svg") for source in sources)


def test_window_without_staff_or_stars(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SIGN, sign=replace(examples.SIGN, staff=None)))
    assert not set(terminal.words()) & {examples.STAFF.name, "工号 0012"}
    check_page(terminal, terminal.picture())


ALL_OPTIONS = tuple(itertools.chain.from_iterable(zip(*examples.OPTIONS.values(), strict=True)))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 8, 9, 12])
def test_options(open_terminal: OpenTerminal, size: Size, language: str, count: int) -> None:
    """Every option is on one of the pages and can be ticked (R7)."""
    terminal = open_terminal(examples.state(Page.DETAILS, options=ALL_OPTIONS[:count]), size, language)
    terminal.pass_guard()
    wanted = {f"option-{option.code}" for option in ALL_OPTIONS[:count]}
    seen: set[str] = set()
    while True:
        check_page(terminal, terminal.picture())
        new = {item.objectName() for item in terminal.controls() if item.objectName().startswith("option-")}
        assert not new & seen
        seen |= new
        if seen == wanted:
            break
        terminal.touch("more")
    assert seen == wanted


@pytest.mark.parametrize("large_type", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_next_citizen_invited(open_terminal: OpenTerminal, language: str, size: Size, large_type: bool) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS, next_invited=True), size, language, large_type)
    picture = terminal.picture()
    save(picture, f"next-{language}-{size}{'-large' if large_type else ''}")
    check_page(terminal, picture)


@pytest.mark.parametrize("large_type", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("size", [SEVEN_INCH, TEN_INCH, LARGE], ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_page_after_the_press_tells_no_level(
    open_terminal: OpenTerminal, language: str, size: Size, large_type: bool
) -> None:
    """Apart from the texts of the options the pictures for the five levels are equal, point by point (R7)."""
    terminal = open_terminal(examples.state(Page.CHOICES), size, language, large_type)
    pictures = []
    for level in Level:
        terminal.show(examples.state(Page.DETAILS, rating_id=level.value, options=examples.OPTIONS[level]))
        pictures.append(_without_option_texts(terminal))
        options = {option.text_en if language == "en" else option.text for option in examples.OPTIONS[level]}
        said = " ".join(word for word in terminal.words() if word not in options)
        texts = terminal.view_model.property("texts")
        for each in Level:
            for name in (texts[f"level.{each}"], texts[f"level.{each}.name"]):
                assert name.replace("\n", " ") not in said
        faces = [item.property("source").toString() for item in terminal.items("QQuickImage")]
        assert not any("face" in face for face in faces)
    assert all(picture == pictures[0] for picture in pictures)


def _without_option_texts(terminal: Terminal) -> QImage:
    picture = terminal.picture().convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    for item in terminal.controls():
        if item.objectName().startswith("option-"):
            inside = next(child for child in item.childItems() if text_of(child))
            painter.fillRect(rect_of(inside).intersected(QRectF(rect_of(item))), QColor("black"))
    painter.end()
    return picture
