"""Choosing an item: by department, or by its name in pinyin (R21). Taking a number, booking and the guide share it."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import HallData, Item
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Turn
from kiosk_app.kiosk.screen_state import Entry, Listing, Name, Page, Say, Search, say
from kiosk_app.kiosk.service import Action

LONGEST_SEARCH = 30
MOST_FOUND = 50


def _no_reason(_: Item) -> Say | None:
    return None


@dataclass(frozen=True)
class Choosing:
    """What an item is chosen for."""

    then: Callable[[Item], Move]
    """Where the chosen one leads."""
    why_not: Callable[[Item], Say | None] = _no_reason
    """Why an item cannot be chosen; it then stays in its place and says so."""

    def entry(self, item: Item, *, with_department: bool = False) -> Entry:
        """The item as something to choose."""
        department = Name(item.department) if with_department and item.department else None
        reason = self.why_not(item)
        return Entry(item.code, item.name, reason or department, enabled=reason is None)

    def chosen(self, item: Item | None) -> Move:
        """Where choosing it leads."""
        return Turn.STAY if item is None or self.why_not(item) is not None else self.then(item)


class DepartmentsPage(KioskPage):
    """The departments that have items."""

    name = Page.DEPARTMENTS

    def __init__(self, counter: Counter, choosing: Choosing) -> None:
        self._counter = counter
        self._choosing = choosing

    def content(self) -> Listing:
        """Each department with the number of its items."""
        items = self._counter.hall.items
        entries = tuple(
            Entry(
                department,
                Name(department) if department else say("pick.other"),
                say("pick.count", count=sum(item.department == department for item in items)),
            )
            for department in self._counter.hall.departments
        )
        return Listing(say("pick.departments"), entries, say("pick.departments.empty"), searchable=bool(items))

    def _choose(self, entry_id: str) -> Move:
        if entry_id not in self._counter.hall.departments:
            return Turn.STAY
        return Forward(ItemsPage(self._counter, self._choosing, entry_id))

    def _other(self, action: Action) -> Move:
        return Forward(SearchPage(self._counter, self._choosing)) if action is Action.SEARCH else Turn.STAY


class ItemsPage(KioskPage):
    """The items of one department."""

    name = Page.ITEMS

    def __init__(self, counter: Counter, choosing: Choosing, department: str) -> None:
        self._counter = counter
        self._choosing = choosing
        self._department = department

    def content(self) -> Listing:
        """The items, with why one cannot be chosen."""
        title = Name(self._department) if self._department else say("pick.other")
        entries = tuple(self._choosing.entry(item) for item in self._items())
        return Listing(title, entries, say("pick.items.empty"), searchable=True)

    def _choose(self, entry_id: str) -> Move:
        return self._choosing.chosen(next((item for item in self._items() if item.code == entry_id), None))

    def _other(self, action: Action) -> Move:
        return Forward(SearchPage(self._counter, self._choosing)) if action is Action.SEARCH else Turn.STAY

    def _items(self) -> list[Item]:
        return [item for item in self._counter.hall.items if item.department == self._department]


class SearchPage(KioskPage):
    """Items by pinyin initials, full pinyin or characters."""

    name = Page.SEARCH

    def __init__(self, counter: Counter, choosing: Choosing) -> None:
        self._counter = counter
        self._choosing = choosing
        self._typed = ""
        self._found: tuple[HallData, str, list[Item]] = (counter.hall, "", [])

    def content(self) -> Search:
        """What is typed, and what fits."""
        entries = tuple(self._choosing.entry(item, with_department=True) for item in self._fitting())
        return Search(say("pick.search"), self._typed, entries)

    def _type(self, character: str) -> Move:
        if len(character) == 1 and character.isalnum() and len(self._typed) < LONGEST_SEARCH:
            self._typed += character
        return Turn.STAY

    def _other(self, action: Action) -> Move:
        if action is Action.ERASE:
            self._typed = self._typed[:-1]
        return Turn.STAY

    def _choose(self, entry_id: str) -> Move:
        return self._choosing.chosen(self._counter.hall.item(entry_id))

    def _fitting(self) -> list[Item]:
        """What fits; searched again only when something else is typed, or the hall has other items."""
        hall, typed, _ = self._found
        if hall is not self._counter.hall or typed != self._typed:
            self._found = (self._counter.hall, self._typed, self._counter.hall.find(self._typed)[:MOST_FOUND])
        return self._found[2]
