"""`sign`: the static sign of a window, A4 upright, with the QR code under which it can be rated (R20).

The QR code holds `{public_url}/w/{device_id}`: the platform knows the hall and the window of its device. A sign made
for another window of the same hall, one without a terminal of its own, holds `{public_url}/w/{device_id}/{window}`.
"""

import re
from pathlib import Path
from urllib.parse import quote

from kiosk_app.configuration import LANGUAGES
from kiosk_app.journal.database import HALL_FILE
from kiosk_app.resources import assets_directory
from kiosk_app.technician.chinese_font import ChineseFont, NoChineseFontError
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.sign_page import sign_page
from kiosk_app.technician.sign_picture import SignText, Words, save_picture, sign_picture
from kiosk_app.terminal.wording import Wording

SUFFIXES = (".pdf", ".png", ".html")
LONGEST_NUMBER = 8


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    sign = commands.add_parser("sign", help="the printable A4 sign of a window, with its QR code")
    sign.add_argument("--output", type=Path, metavar="FILE", help=f"{', '.join(SUFFIXES)}; else sign-window-N.pdf here")
    sign.add_argument("--window", metavar="N", help="another window of the hall; else this terminal's own")
    add_json(sign)
    sign.set_defaults(run=_sign)


def _sign(context: Context) -> int:
    number = _number(context)
    file: Path = context.arguments.output or Path(f"sign-window-{re.sub(r'[^0-9A-Za-z-]', '-', number)}.pdf")
    if file.suffix.lower() not in SUFFIXES:
        raise CommandError(f"{file}: the name must end with one of {', '.join(SUFFIXES)}")
    text = _text(context, number)
    if file.suffix.lower() == ".html":
        file.write_text(sign_page(text), encoding="utf-8")
    else:
        save_picture(sign_picture(text, _font()), file)
    if context.arguments.json:
        print_json({"file": str(file), "window": number, "qr": text.url})
    else:
        print(f"{file}: the sign of window {number}; print it on A4, upright. Its QR code holds {text.url}")
    return 0


def _number(context: Context) -> str:
    window = context.settings.window
    number: str | None = context.arguments.window or (window.number if window else None)
    if number is None:
        raise CommandError("this terminal is no window; say which one the sign is for: --window N")
    if not number.strip() or len(number) > LONGEST_NUMBER:
        raise CommandError(f"--window {number}: a window's number has 1 to {LONGEST_NUMBER} characters")
    return number


def _text(context: Context, number: str) -> SignText:
    settings = context.settings
    wording = Wording(assets_directory(), LANGUAGES, "poster")

    def words(key: str, **values: int) -> Words:
        chinese, english = (wording.table(language)[f"poster.{key}"].format(**values) for language in LANGUAGES)
        return Words(chinese, english)

    return SignText(
        hall=settings.terminal.hall,
        number=number,
        window=words("window"),
        department=_department(context, number),
        title=words("title"),
        scan=words("scan"),
        url=_url(context, number),
        code=words("code", n=settings.rules.supplementary_working_days) if settings.rating_code else None,
        voluntary=words("voluntary"),
    )


def _url(context: Context, number: str) -> str:
    public_url, window = context.settings.platform.public_url, context.settings.window
    if not public_url:
        raise CommandError(
            "terminal.toml: platform.public_url is empty; the sign's QR code needs what phones can reach"
        )
    own = f"{public_url.rstrip('/')}/w/{context.settings.terminal.device_id}"
    return own if window and window.number == number else f"{own}/{quote(number, safe='')}"


def _department(context: Context, number: str) -> str:
    """The window's department, where the hall's data is here and tells it."""
    if not (context.directory / HALL_FILE).exists():
        return ""
    with context.hall() as hall:
        return str((hall.entry("windows", number) or {}).get("department") or "")


def _font() -> ChineseFont:
    try:
        return ChineseFont.find()
    except NoChineseFontError as error:
        raise CommandError(f"{error}; or write the sign as .html and print it with a browser") from error
