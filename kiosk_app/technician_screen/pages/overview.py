"""Everything's health in one look: every area, what is wrong, and what to do, worst first."""

from collections.abc import Iterator

from kiosk_app.domain.health import Area, Health, area_of
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    Light,
    Message,
    Page,
    ProblemRow,
    Problems,
    Text,
    Words,
)

LOOK_AGAIN = "look_again"

_PAGES = {
    Area.STORAGE: Page.RECORDS,
    Area.CLOCK: Page.NETWORK,
    Area.EVALUATOR: Page.EVALUATOR,
    Area.PRINTER: Page.PRINTER,
    Area.SOUND: Page.SOUND_SCREEN,
    Area.DISPLAY: Page.SOUND_SCREEN,
    Area.NETWORK: Page.NETWORK,
    Area.PLATFORM: Page.NETWORK,
    Area.BINDING: Page.BINDING,
    Area.CONFIGURATION: Page.ABOUT,
    Area.HALL_DATA: Page.NETWORK,
    Area.BACKUP: Page.EXPORT,
    Area.VERSIONS: Page.ABOUT,
}
"""Where an area is mended."""


class OverviewPage(ReadingPage[Health]):
    """Looks at itself again every few seconds."""

    name = Page.OVERVIEW
    refresh_ms = 5_000

    def read(self) -> Health:
        """All of it."""
        return self.desk.means.health()

    def content(self, data: Health) -> tuple[Block, ...]:
        """The problems first, then the areas."""
        rows = tuple(self._problem(problem) for problem in worst_first(data.problems))
        return (
            Problems(rows) if rows else Message("good", Words("overview.all_well")),
            Facts(tuple(self._areas(data)), Words("overview.areas")),
            Buttons((Button(LOOK_AGAIN, "", Words("overview.look_again")),)),
        )

    def act(self, action: str, _value: str, /) -> Page | None:
        """Look again; the lines lead to their pages by themselves."""
        if action == LOOK_AGAIN:
            self.look_again()
        return None

    def _problem(self, problem: Problem) -> ProblemRow:
        return ProblemRow(
            severity="problem" if problem.severity is Severity.PROBLEM else "warning",
            code=problem.code,
            cause=problem.text,
            action=problem.action,
            since=problem.since or "",
            page=self._page(area_of(problem.code)),
        )

    def _areas(self, health: Health) -> Iterator[Fact]:
        for area in Area:
            found = [problem for problem in health.problems if area_of(problem.code) is area]
            if not found and not self._has(area) and area not in health.facts:
                continue
            yield Fact(Words(f"area.{area}"), _value(found, health.facts.get(area)), _light(found), self._page(area))

    def _page(self, area: Area) -> Page | None:
        page = _PAGES.get(area)
        return page if page in self.desk.pages else None

    def _has(self, area: Area) -> bool:
        """Whether this terminal has such a thing."""
        settings = self.desk.means.settings
        absent = {
            Area.EVALUATOR: settings.evaluator is None,
            Area.PRINTER: settings.printer is None,
            Area.SCANNER: settings.scanner is None,
            Area.BINDING: self.desk.means.window is None,
        }
        return not absent.get(area, False)


def worst_first(problems: tuple[Problem, ...]) -> list[Problem]:
    """What makes the terminal degraded before what only warns; else in the order of the areas."""
    areas = list(Area)
    return sorted(problems, key=lambda p: (p.severity is not Severity.PROBLEM, areas.index(area_of(p.code))))


def _light(found: list[Problem]) -> Light:
    if not found:
        return "ok"
    return "problem" if any(problem.severity is Severity.PROBLEM for problem in found) else "warning"


def _value(found: list[Problem], fact: str | None) -> Text:
    problems = sum(problem.severity is Severity.PROBLEM for problem in found)
    if problems:
        return Words("overview.problems", {"n": problems})
    if found:
        return Words("overview.warnings", {"n": len(found)})
    return fact if fact is not None else Words("overview.ok")
