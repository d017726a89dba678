"""What the agent does besides pushing: pull, photos, bindings, heartbeat, reconciliation."""

from contextlib import ExitStack
from typing import Self

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal import wakeup
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader
from sync_agent.asking import Asking
from sync_agent.bindings import Bindings
from sync_agent.heartbeat import Heartbeat
from sync_agent.photos import Photos
from sync_agent.pull import Pull, Pulled
from sync_agent.reconcile import Compared, Reconciliation
from sync_agent.session import client_for, open_journal
from sync_agent.told_health import ToldHealth


class Errands:
    """Has stores and a connection of its own, so that no errand delays a push. One thread at a time."""

    def __init__(self, journal: JournalReader, settings: Settings, clock: Clock, closing: ExitStack) -> None:
        directory, device_id = settings.storage.directory, settings.terminal.device_id
        self._directory = directory
        self._closing = closing
        store = DeliveryStore.open(directory)
        closing.callback(store.close)
        hall = HallStore.open(directory)
        closing.callback(hall.close)
        client = client_for(settings, clock)
        closing.callback(client.close)
        self._asking = Asking(client, store, clock)
        self._pull = Pull(self._asking, journal, hall, store, clock, device_id, settings.platform.url)
        self._photos = Photos(self._asking, hall, store, clock)
        self._bindings = Bindings(settings, journal, hall, store, clock)
        health = ToldHealth(settings, clock)
        self._heartbeat = Heartbeat(self._asking, journal, store, clock, device_id, directory, health)
        self._reconciliation = Reconciliation(self._asking, journal, store, clock, device_id)

    @classmethod
    def open(cls, settings: Settings, clock: Clock) -> Self | None:
        """Open all of it; None while there is no journal to serve. Raises `sqlite3.Error` or `OSError`."""
        journal = open_journal(settings.storage.directory)
        if journal is None:
            return None
        closing = ExitStack()
        closing.callback(journal.close)
        try:
            return cls(journal, settings, clock, closing)
        except BaseException:
            closing.close()
            raise

    def pull(self) -> bool:
        """Bring the hall's data and make it count; whether records were appended by it."""
        pulled = self._pull.run()
        appended = self._bindings.apply()
        if pulled is Pulled.TAKEN:
            wakeup.notify(self._directory)
        # Also where nothing is new: a photo that could not be fetched is tried again.
        if pulled is not Pulled.NOTHING and self._photos.run():
            wakeup.notify(self._directory)
        return appended > 0

    def heartbeat(self) -> None:
        """Tell the platform how the terminal is, after looking whether a binding has become due."""
        self._bindings.apply()
        self._heartbeat.run()

    def reconcile(self) -> Compared:
        """Compare with the platform what it should hold."""
        return self._reconciliation.run()

    def stop(self) -> None:
        """End the errand under way, from another thread."""
        self._asking.stop()

    def close(self) -> None:
        """Give everything back."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
