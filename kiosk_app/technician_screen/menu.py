"""Which pages this terminal has, and what makes each."""

from collections.abc import Callable

from kiosk_app.technician_screen.desk import Desk
from kiosk_app.technician_screen.means import Means
from kiosk_app.technician_screen.pages.about import AboutPage
from kiosk_app.technician_screen.pages.binding import BindingPage
from kiosk_app.technician_screen.pages.evaluator import EvaluatorPage
from kiosk_app.technician_screen.pages.export import ExportPage
from kiosk_app.technician_screen.pages.learn import LearnPage
from kiosk_app.technician_screen.pages.network import NetworkPage
from kiosk_app.technician_screen.pages.overview import OverviewPage
from kiosk_app.technician_screen.pages.page import TechnicianPage
from kiosk_app.technician_screen.pages.printer import PrinterPage
from kiosk_app.technician_screen.pages.records import RecordsPage
from kiosk_app.technician_screen.pages.sound_screen import SoundScreenPage
from kiosk_app.technician_screen.pages.touch import TouchPage
from kiosk_app.technician_screen.state import Page

_PAGES: dict[Page, Callable[[Desk], TechnicianPage]] = {
    Page.OVERVIEW: OverviewPage,
    Page.BINDING: BindingPage,
    Page.EVALUATOR: EvaluatorPage,
    Page.PRINTER: PrinterPage,
    Page.NETWORK: NetworkPage,
    Page.RECORDS: RecordsPage,
    Page.SOUND_SCREEN: SoundScreenPage,
    Page.EXPORT: ExportPage,
    Page.ABOUT: AboutPage,
    Page.LEARN: LearnPage,
    Page.TOUCH: TouchPage,
}
_DEEPER = (Page.LEARN, Page.TOUCH)
"""Reached from another page only."""


def menu_of(means: Means) -> tuple[Page, ...]:
    """The pages of the menu, in order: none for what this terminal does not have."""
    absent = {
        Page.BINDING: means.window is None,
        # At a window one may still be learned that is not configured yet.
        Page.EVALUATOR: means.settings.evaluator is None and means.window is None,
        Page.PRINTER: means.settings.printer is None,
    }
    return tuple(page for page in _PAGES if page not in _DEEPER and not absent.get(page, False))


def make_page(page: Page, desk: Desk) -> TechnicianPage:
    """A page, not yet opened."""
    return _PAGES[page](desk)
