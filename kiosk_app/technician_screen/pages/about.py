"""Which terminal this is, and what runs on it."""

from kiosk_app.domain.records import Json
from kiosk_app.technician.about import about
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.state import Block, Fact, Facts, Page, Words

_LABELS = {
    "software": "about.version",
    "device_id": "about.device",
    "hall": "about.hall",
    "profile": "about.profile",
    "public_key_sha256": "about.public_key",
    "storage": "about.storage",
    "configuration": "about.configuration",
    "python": "about.python",
    "sqlite": "about.sqlite",
    "qt": "about.qt",
    "system": "about.system",
    "licence": "about.licence",
}


class AboutPage(ReadingPage[Json]):
    """Facts, and nothing to do."""

    name = Page.ABOUT

    def read(self) -> Json:
        """All of them."""
        return about(self.desk.means.settings, self.desk.means.config)

    def content(self, data: Json) -> tuple[Block, ...]:
        """One a line."""
        none = Words("about.public_key.none")
        rows = tuple(
            Fact(Words(label), str(data[name]) if data[name] is not None else none)
            for name, label in _LABELS.items()
            if name in data
        )
        return (Facts(rows),)

    def act(self, _action: str, _value: str, /) -> Page | None:
        """There is nothing to do."""
        return None
