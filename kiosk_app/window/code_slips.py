"""The slip with the code to rate later with: printed where its citizen asks for it (R10, R20)."""

from dataclasses import replace

from device_drivers.printer.conditions import PrintState
from device_drivers.printer.slip import Slip
from kiosk_app.domain.rating_code import qr_text
from kiosk_app.terminal.printer_desk import PrinterDesk
from kiosk_app.terminal.slips import RateLater, RatingValues, rating_slip
from kiosk_app.terminal.wording import Wording
from kiosk_app.window.core import WindowCore
from kiosk_app.window.pages import MAY_BE_PRINTED, LaterPage
from kiosk_app.window.screen_state import Printing

_TOLD = {
    PrintState.CONFIRMED: Printing.PRINTED,
    PrintState.UNCONFIRMED: Printing.UNCONFIRMED,
    PrintState.FAILED: Printing.FAILED,
}


class CodeSlips:
    """Between the page with the code and the printer; on the station's thread."""

    def __init__(
        self, core: WindowCore, desk: PrinterDesk, wording: Wording, *, hall: str, window: str, public_url: str
    ) -> None:
        self.desk = desk
        self._core = core
        self._wording = wording
        self._hall = hall
        self._window = window
        self._public_url = public_url

    def print(self, missed_id: str, language: str) -> None:
        """The citizen of this page wants its slip; a further copy only where the last one may not have come out."""
        page = self._core.pages.later
        if page is None or page.missed_id != missed_id:
            return
        if page.printing not in MAY_BE_PRINTED or not self.desk.can_print:
            return
        asked = replace(page, copies=page.copies + 1, printing=Printing.PRINTING)
        self._core.pages = self._core.pages.with_later(asked)
        self.desk.print(
            self._slip(asked, language),
            of=missed_id,
            copy=asked.copies,
            told=lambda state, _: self._told(missed_id, state),
        )

    def _told(self, missed_id: str, state: PrintState) -> None:
        self._core.pages = self._core.pages.changed_later(missed_id, lambda page: replace(page, printing=_TOLD[state]))

    def _slip(self, page: LaterPage, language: str) -> Slip:
        rate = RateLater(page.code, qr_text(self._public_url, page.code), page.last_day)
        values = RatingValues(self._hall, self._window, page.served_at, rate)
        return rating_slip(self._wording, language, values, copy=page.copies)
