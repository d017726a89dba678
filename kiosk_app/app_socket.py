"""The running app's door for this machine's own programs: `kiosk-admin` and the agent ask it through a socket.

A Unix socket in the storage directory, for its owner alone. One JSON object a line: a question, then its answer. What
was borrowed is given back when the connection ends, so also when the borrower is killed.
"""

import json
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

Json = dict[str, Any]

SOCKET_FILE = "app.sock"
PATIENCE_SECONDS = 5.0
BORROW_PATIENCE_SECONDS = 30.0
"""A printer may have to end its slip first."""
LONGEST_LINE = 65_536
MOST_CALLS = 32
"""At one time: what this machine's own programs need is far less, and the app needs its files and threads."""
_ACCEPT_AGAIN_SECONDS = 0.5
_LOOK_MS = 200
"""How often it is looked whether a citizen needs what is lent."""

_log = structlog.get_logger()


class AppSocketError(RuntimeError):
    """The app refused, or did not answer; the message is one line."""


class RunningApp:
    """The app that runs on a storage directory. Each question is a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def health(self) -> Json:
        """What `GET /v1/health` answers, and `facts`: an area's good news in words. Raises `AppSocketError`."""
        return self._asked({"ask": "health"})

    def restart(self) -> None:
        """Let the app begin anew with the present configuration. Raises `AppSocketError`."""
        self._asked({"ask": "restart"})

    def play(self, sound: str) -> None:
        """Let a sound be heard. Raises `AppSocketError`, also where nothing can be heard."""
        self._asked({"ask": "play", "sound": sound})

    def open_page(self, page: str, operator: str) -> None:
        """Show a page of the technician's screens. Raises `AppSocketError`."""
        self._asked({"ask": "open_page", "page": page, "operator": operator})

    @contextmanager
    def borrow(
        self,
        device: str,
        borrower: str,
        on_wanted: Callable[[], None] | None = None,
        on_gone: Callable[[], None] | None = None,
    ) -> Iterator[None]:
        """Have a device's port free as long as the context lasts. Raises `AppSocketError`.

        `on_wanted` is called where a citizen comes who needs the device, `on_gone` where the app ends: the next one
        needs the port. Only one of them is called, on another thread, at most once: it should end the context.
        """
        with self._connection() as connection:
            _ask(connection, {"ask": "borrow", "device": device, "borrower": borrower}, BORROW_PATIENCE_SECONDS)
            with _watched(connection, on_wanted, on_gone):
                yield
            with suppress(OSError, AppSocketError):  # the app may have ended meanwhile: then it needs nothing back
                _ask(connection, {"ask": "give_back"}, BORROW_PATIENCE_SECONDS)

    def _asked(self, question: Json) -> Json:
        with self._connection() as connection:
            return _ask(connection, question, PATIENCE_SECONDS)

    @contextmanager
    def _connection(self) -> Iterator[socket.socket]:
        try:
            connection = _connected(self._path)
        except OSError as error:
            raise AppSocketError(
                f"kiosk-app does not answer at {self._path}: {error.strerror}; start it again"
            ) from error
        with connection:
            yield connection


def running_app(directory: Path) -> RunningApp | None:
    """The app that runs on this storage directory and answers there; None if there is none."""
    path = directory / SOCKET_FILE
    try:
        _connected(path).close()
    except OSError:
        return None
    return RunningApp(path)


class AppDoor:
    """The app's side. `answers` has a function for each question; what it raises as RuntimeError is the refusal."""

    def __init__(
        self,
        directory: Path,
        answers: Mapping[str, Callable[[Json], Json]],
        borrow: Callable[[str, str], AbstractContextManager[None]],
        is_wanted: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`is_wanted` tells of a device whether a citizen needs it now; whoever has borrowed it then hears of it."""
        self._path = directory / SOCKET_FILE
        self._answers = answers
        self._borrow = borrow
        self._is_wanted = is_wanted
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._places = threading.Semaphore(MOST_CALLS)
        self._closed = threading.Event()

    def start(self) -> None:
        """Begin to listen; what a killed app left there is replaced. Raises `OSError`."""
        self._path.unlink(missing_ok=True)
        os.fchmod(self._socket.fileno(), 0o600)  # before the name is there: no moment in which others could call
        with _short(self._path) as name:
            self._socket.bind(name)
        self._socket.listen(8)
        threading.Thread(target=self._accept, name="app-door", daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError as error:
                if not self._closed.wait(_ACCEPT_AGAIN_SECONDS):  # out of files, say: that passes, and the door stays
                    _log.error("a call was not taken", cause=str(error))
                continue
            if not self._places.acquire(blocking=False):
                connection.close()
                continue
            try:
                threading.Thread(target=self._call, args=(connection,), name="app-door-call", daemon=True).start()
            except RuntimeError as error:
                _log.error("a call was not taken", cause=str(error))
                self._places.release()
                connection.close()

    def _call(self, connection: socket.socket) -> None:
        try:
            self._serve(connection)
        finally:
            self._places.release()

    def _serve(self, connection: socket.socket) -> None:
        # Who calls has something to ask, and hears the answer: nobody else keeps a place for long.
        connection.settimeout(PATIENCE_SECONDS)
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            while line := lines.readline(LONGEST_LINE):
                if (question := _parsed(line)) is None:
                    _send(connection, {"refused": "not a question; one JSON object a line is"})
                    return
                if question.get("ask") == "borrow":
                    self._lend(connection, lines, question)
                    return
                _send(connection, self._answer(question))

    def _answer(self, question: Json) -> Json:
        answer = self._answers.get(str(question.get("ask")))
        if answer is None:
            return {"refused": f"nobody here answers {question.get('ask')!r}; install app and kiosk-admin together"}
        try:
            return answer(question)
        except RuntimeError as error:
            return {"refused": str(error)}
        except Exception as error:  # noqa: BLE001 - the asker hears of any fault, and the app goes on
            _log.exception("a question to the app failed", ask=question.get("ask"))
            return {"refused": f"the app could not answer ({error!r}); see its log"}

    def _lend(self, connection: socket.socket, lines: Any, question: Json) -> None:
        """Lend until the borrower gives back, or is gone."""
        try:
            with self._borrow(str(question.get("device")), str(question.get("borrower"))):
                _send(connection, {"lent": question.get("device")})
                with suppress(OSError):
                    self._await_the_end(connection, str(question.get("device")))
                    lines.readline(LONGEST_LINE)
        except RuntimeError as error:
            _send(connection, {"refused": str(error)})
            return
        _send(connection, {"given_back": question.get("device")})

    def _await_the_end(self, connection: socket.socket, device: str) -> None:
        """Wait as long as the borrower likes; tell it once if a citizen comes meanwhile."""
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        was_wanted = self._is_wanted(device)
        is_told = False
        while not poll.poll(_LOOK_MS):
            is_wanted = self._is_wanted(device)
            if is_wanted and not was_wanted and not is_told:
                is_told = True
                _send(connection, {"wanted": device})
            was_wanted = is_wanted


@contextmanager
def _watched(
    connection: socket.socket, on_wanted: Callable[[], None] | None, on_gone: Callable[[], None] | None
) -> Iterator[None]:
    """Call `on_wanted` when the app says so on this connection, where nothing is asked meanwhile; or `on_gone`."""
    if on_wanted is None and on_gone is None:
        yield
        return
    ended, end = socket.socketpair()

    def watch() -> None:
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        poll.register(ended, select.POLLIN)
        if {descriptor for descriptor, _ in poll.poll()} == {connection.fileno()}:
            line = b""
            with suppress(OSError):
                line = _line(connection)
            told = on_wanted if "wanted" in (_parsed(line) or {}) else None if line else on_gone
            if told is not None:
                told()

    with ended, end:
        watching = threading.Thread(target=watch, name="borrowed", daemon=True)
        watching.start()
        try:
            yield
        finally:
            end.send(b".")
            watching.join()


def _parsed(line: bytes) -> Json | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _send(connection: socket.socket, value: Json) -> None:
    connection.sendall(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _ask(connection: socket.socket, question: Json, patience: float) -> Json:
    """One question on an open connection. Raises `AppSocketError`."""
    connection.settimeout(patience)
    try:
        _send(connection, question)
        answer = _parsed(_line(connection))
        while answer is not None and "wanted" in answer:  # said before the question was heard
            answer = _parsed(_line(connection))
    except TimeoutError as error:
        raise AppSocketError(
            f"kiosk-app did not answer within {patience:g} s; look into its log, or restart it"
        ) from error
    except OSError as error:
        raise AppSocketError(f"kiosk-app ended before it answered ({error.strerror}); look into its log") from error
    if answer is None:
        raise AppSocketError("kiosk-app ended before it answered; look into its log")
    if "refused" in answer:
        raise AppSocketError(str(answer["refused"]))
    return answer


def _line(connection: socket.socket) -> bytes:
    """Exactly one line: what comes after it belongs to the next question."""
    received = b""
    while not received.endswith(b"\n"):
        seen = connection.recv(LONGEST_LINE, socket.MSG_PEEK)
        if not seen:
            return b""
        received += connection.recv(seen.find(b"\n") + 1 or len(seen))
    return received


def _connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    connection.settimeout(PATIENCE_SECONDS)
    try:
        with _short(path) as name:
            connection.connect(name)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of the path that fits into a socket's address, which takes 107 bytes only."""
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
