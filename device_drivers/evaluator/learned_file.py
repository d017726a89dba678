"""Where a learned protocol file goes: never over another one, and only once it is proved."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from device_drivers.evaluator.learner_events import FailureCode, LearningFailedError, NameRefusedError
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.evaluator.protocol_file import load_protocol, protocol_names

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


class LearnedFile:
    """One name in DIR/evaluators."""

    def __init__(self, evaluators: Path, name: str | None, *, replace: bool = False) -> None:
        """Choose the name, learned-1 or the next that is free if none is given, and make the directory.

        Raises `LearningFailedError` at once where the file could not be written in the end.
        """
        self._evaluators = evaluators
        self._replace = replace
        self.name = name if name is not None else self._free_name()
        if not _NAME.fullmatch(self.name):
            raise NameRefusedError(
                f"the name {self.name!r} is not possible; allowed: 1 to 64 letters, digits, - _ and, not first, ."
            )
        self._refuse_to_overwrite()
        try:
            if not evaluators.is_dir():
                evaluators.mkdir()
                evaluators.chmod(0o755)  # the app reads it, whoever made it
            with self._workshop():
                pass
        except OSError as error:
            raise self._unwritable(error) from error

    @property
    def path(self) -> Path:
        """The file."""
        return self._evaluators / f"{self.name}.toml"

    @contextmanager
    def candidate(self, text: str) -> Iterator[EvaluatorProtocol]:
        """The text as a file that is read as the app reads it; it takes its place if the context ends well."""
        try:
            with self._workshop() as workshop:
                file = workshop / self.path.name
                _write(file, text)
                yield load_protocol(file)
                self._put_in_place(file)
        except FileExistsError as error:
            raise LearningFailedError(f"{self.path} exists by now; choose another --name") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def _put_in_place(self, file: Path) -> None:
        if self._replace:
            file.replace(self.path)
        else:
            self.path.hardlink_to(file)  # fails where there is one by now
        descriptor = os.open(self._evaluators, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _workshop(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix=".learning-", dir=self._evaluators) as workshop:
            yield Path(workshop)

    def _free_name(self) -> str:
        taken = set(protocol_names(self._evaluators.parent)) | {file.stem for file in self._evaluators.glob("*.toml")}
        return next(name for number in count(1) if (name := f"learned-{number}") not in taken)

    def _refuse_to_overwrite(self) -> None:
        if self._replace:
            return
        if self.path.exists():
            raise NameRefusedError(f"{self.path} exists; choose another --name, or give --replace")
        if self.name in protocol_names():
            raise NameRefusedError(
                f"{self.name} is the name of a built-in protocol; choose another --name, or give --replace"
            )

    def _unwritable(self, error: OSError) -> LearningFailedError:
        return LearningFailedError(
            f"{self._evaluators} cannot be written ({error.strerror}); run this as the user who may change it",
            FailureCode.UNWRITABLE,
            directory=str(self._evaluators),
        )


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8") as content:
        os.fchmod(content.fileno(), 0o644)  # the app reads it, whoever wrote it
        content.write(text)
        content.flush()
        os.fsync(content.fileno())
