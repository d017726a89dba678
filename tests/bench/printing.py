"""The standard slip against the same slip by python-escpos with its raster QR: bytes, time on the wire, layout."""

from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy

from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.slip import Align, Columns, Line, QrCode, Rule, Slip
from device_drivers.serial_line import LineSettings
from tests.bench.measuring import in_turn, tell

HALL = "测试区政务服务中心"
NUMBER = "A001"
CODE = "https://hall.example/r/8080-RGG0-0PFZ-R84R"
VALUES = (("办理事项", "社会保障卡补领"), ("取号时间", "2026-03-02 09:15"), ("等候人数", "3"))
ADVICE = "过号请重新取号。扫码评价本次服务："

PAPER = PAPERS[80]
LINE = LineSettings(baud=9600)
ROUNDS = 50
MODULE_DOTS = 8
"""As large as ours is printed."""


def run() -> None:
    """Print the ratios."""
    ours, theirs = len(_our_slip()), len(_their_slip())
    seconds = [count * LINE.seconds_per_byte for count in (ours, theirs)]
    name = f"standard slip at {LINE.baud} baud: {ours} / {theirs} bytes,"
    print(f"{name:<46} {seconds[0]:.2f} s / {seconds[1]:.2f} s = {ours / theirs:.3f} x python-escpos, raster QR")
    tell("layout of the standard slip", "python-escpos, raster QR", *in_turn(_our_slip, _their_slip, ROUNDS))


def _our_slip() -> bytes:
    return encode(
        Slip(
            (
                Line(HALL, size=2, bold=True, align=Align.CENTRE),
                Line(NUMBER, size=4, bold=True, align=Align.CENTRE),
                *(Columns(label, value) for label, value in VALUES),
                Rule(),
                Line(ADVICE, align=Align.CENTRE),
                QrCode(CODE),
            )
        ),
        PAPER,
    )


def _their_slip() -> bytes:
    printer = Dummy(profile="TM-T88III")
    printer.set(align="center", bold=True, custom_size=True, width=2, height=2)
    printer.textln(HALL)
    printer.set(align="center", bold=True, custom_size=True, width=4, height=4)
    printer.textln(NUMBER)
    printer.set(align="left", bold=False, normal_textsize=True)
    for label, value in VALUES:
        free = PAPER.columns - len((label + value).encode("gb18030"))
        printer.textln(label + " " * free + value)
    printer.textln("-" * PAPER.columns)
    printer.set(align="center")
    printer.textln(ADVICE)
    printer.qr(CODE, ec=QR_ECLEVEL_M, size=MODULE_DOTS, native=False)
    printer.cut(mode="PART")
    output: bytes = printer.output
    return output
