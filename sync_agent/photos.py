"""Staff photos: fetched when they are not here yet, forgotten when nobody needs them. A bad one spoils nothing else."""

from collections.abc import Iterator

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Json
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.hall_data import LARGEST_PHOTO, photo_fault
from sync_agent.asking import Asking, HeldBackError, NoAnswerError
from sync_agent.platform_client import Question
from sync_agent.troubles import Trouble

_MOST_TOLD = 3
"""Faults that are told one by one."""

_log = structlog.get_logger(__name__)


class Photos:
    """Brings the photos that the staff list names."""

    def __init__(self, asking: Asking, hall: HallStore, store: DeliveryStore, clock: Clock) -> None:
        self._asking = asking
        self._hall = hall
        self._refused = Trouble(store, clock, cause="photos_refused", since="photos_refused_since")

    def run(self) -> int:
        """Fetch what is missing, and forget what is not named any more; how many came."""
        faults: list[str] = []
        came = 0
        try:
            for entry in self._missing():
                fault = self._fetch(entry)
                if fault is None:
                    came += 1
                else:
                    faults.append(f"{entry['staff_no']}: {fault}")
        except HeldBackError:
            return came
        except NoAnswerError as error:
            faults.append(f"the rest: {error}")
        self._hall.forget_photos()
        self._refused.note(_told(faults))
        if faults:
            _log.warning("photos-refused", count=len(faults), first=faults[0])
        return came

    def _missing(self) -> Iterator[Json]:
        for entry in self._hall.entries("staff"):
            if entry.get("photo") and self._hall.photo_file(entry) is None:
                yield entry

    def _fetch(self, entry: Json) -> str | None:
        """Keep one photo, or tell its fault. Raises `NoAnswerError` where asking for others would be in vain."""
        photo = entry["photo"]
        address = self._asking.address_of(photo.get("url") or "")
        if not photo.get("url") or address is None:
            return "its url leads to another host" if photo.get("url") else "has no url"
        question = Question("GET", address, headers={"Accept": "image/png, image/jpeg"}, longest=LARGEST_PHOTO)
        try:
            content = self._asking.ask(question).body
        except NoAnswerError as error:
            if error.is_down:
                raise
            return str(error)
        fault = photo_fault(content, photo["sha256"])
        if fault is None:
            self._hall.keep_photo(photo["sha256"], content)
        return fault


def _told(faults: list[str]) -> str | None:
    if not faults:
        return None
    more = f" (and {len(faults) - _MOST_TOLD} more)" if len(faults) > _MOST_TOLD else ""
    return "; ".join(faults[:_MOST_TOLD]) + more
