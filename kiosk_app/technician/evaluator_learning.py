"""`evaluator learn`: a protocol file for an evaluator that nobody has described, made by pressing its keys."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3 as sqlite3

from device_drivers.evaluator.learner import Learner
from device_drivers.evaluator.learner_events import (
    PROOF,
    Ask,
    HeardBytes,
    LearningFailedError,
    NameRefusedError,
    Result,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import Note
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from device_drivers.serial_ports import AUTO
from kiosk_app.app_socket import AppSocketError, running_app
from kiosk_app.configuration_editing import set_values
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.logs import configure_logging
from kiosk_app.technician.config_owner import as_owner_of
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.evaluator_in_use import WORDS
from kiosk_app.technician.learner_words import in_chinese
from kiosk_app.terminal.device_ports import wanted_ports
from kiosk_app.terminal.lending import Device

LEARN = "evaluator_learn"
"""The action in the record of learning."""

EXIT_NOT_LEARNED = 1
EXIT_WRONG_USE = 2

_IN_CHINESE = {
    TroubleKind.UNPLUGGED: "串口不可用，请检查评价器的连线",
    TroubleKind.UNANSWERED: "没有收到按键，请检查电源和连线",
    TroubleKind.GARBLED: "收到的是乱码，换一种串口参数再试",
    TroubleKind.NOISE: "这次收到的数据有误，请再按一次",
    TroubleKind.OTHER_KEY: "这和另一个键发出的相同，请按指定的键",
    TroubleKind.ODD: "有一次按键与另外两次不同，请再按一次",
    TroubleKind.UNCLEAR: "这次按键与其他的对不上，请再按一次",
    TroubleKind.MISREAD: "核对时读成了另一个键，请再按一次",
    TroubleKind.UNREAD: "核对时没有读出这个键，请再按一次",
}


def add_commands(evaluator: Commands) -> None:
    """Add this file's command."""
    learn = evaluator.add_parser("learn", help="press keys when asked, and get a protocol file of an unknown device")
    learn.add_argument("--port", metavar="PORT", help='default: that of [evaluator], else "auto"')
    learn.add_argument("--name", metavar="NAME", help="of the file in DIR/evaluators; default: learned-1, -2, …")
    learn.add_argument("--replace", action="store_true", help="replace a file of this name")
    learn.add_argument("--use", action="store_true", help="enter it in terminal.toml, and restart a running app")
    add_json(learn)
    learn.set_defaults(run=_learn)


def _learn(context: Context) -> int:
    # stdout is for what the command prints
    configure_logging(logging.ERROR)
    outcome, target = "ended before it was done", context.arguments.name or "a free name"
    try:
        with _borrowed(context), as_owner_of(context.config):
            file = _learner(context).run()
        outcome, target = "done", file.stem
    except LearningFailedError as error:
        outcome = str(error)
        _say(context, {"problem": outcome}, in_chinese(f"learn.failed.{error.code}", error.values))
        print(f"kiosk-admin: {outcome}", file=sys.stderr)
        return EXIT_WRONG_USE if isinstance(error, NameRefusedError) else EXIT_NOT_LEARNED
    finally:
        _record(context, LEARN, target, outcome)
    # The proof was the confirmation of the keys, too (interfaces §3).
    _record(context, KEYS_CONFIRMED, load_protocol(file).sha256, "done")
    if context.arguments.use:
        _use(context, file.stem)
    _say(context, {"result": str(file)}, f"协议文件已写好并核对  written and proved: {file}")
    return 0


def _port(context: Context) -> str:
    """The port to learn at. "auto" is found as the app finds it: no other device's. Raises `PortNotFoundError`."""
    configured = context.settings.evaluator
    named: str = context.arguments.port or (configured.port if configured else AUTO)
    book = PortBook({**wanted_ports(context.settings), Role.EVALUATOR: named}, context.directory)
    return book.find(Role.EVALUATOR) if named == AUTO else named


def _learner(context: Context) -> Learner:
    return Learner(
        _port(context),
        context.config.absolute() / "evaluators",
        context.arguments.name,
        lambda told: _tell(context, told),
        replace=context.arguments.replace,
    )


@contextmanager
def _borrowed(context: Context) -> Iterator[None]:
    """An app without an evaluator in its configuration has no port to lend."""
    if context.settings.evaluator is None:
        yield
        return
    with context.borrowed(Device.EVALUATOR):
        yield


def _tell(context: Context, told: Told) -> None:
    match told:
        case Ask(level, press):
            words = (
                f"核对：请再按一次 {WORDS[level]}"
                if press == PROOF
                else f"请按 {WORDS[level]}（第 {press} 次，共 3 次）"
            )
            times = "to prove the file" if press == PROOF else f"{press} of 3"
            _say(context, {"ask": level, "press": press}, f"{words}  press {level}, {times}")
        case HeardBytes(data):
            _say(context, {"heard": data.hex()}, f"    {data.hex(' ')}")
        case Trouble(kind, text):
            _say(context, {"problem": text}, f"{_IN_CHINESE[kind]}  {text}")
        case Note(code, values, text):
            _say(context, {"note": text}, f"{text}\n{in_chinese(f'learn.note.{code}', values)}".rstrip())
        case Result():
            pass  # told once it is on record and in use


def _say(context: Context, row: dict[str, Any], words: str) -> None:
    if context.arguments.json:
        print_json(row)
    elif words:
        print(words)
    sys.stdout.flush()


def _record(context: Context, action: str, target: str, outcome: str) -> None:
    """Record it, or say that it cannot be: what was learned is no worse for that."""
    try:
        with context.journal() as journal:
            context.note_action(journal, action, target, outcome)
    except (JournalUnavailableError, OSError, sqlite3.Error) as error:
        print(f"kiosk-admin: {action} of {target} is not on record: {' '.join(str(error).split())}", file=sys.stderr)


def _use(context: Context, name: str) -> None:
    values: dict[str, str | int] = {"protocol": name}
    if context.arguments.port:
        values["port"] = context.arguments.port
    with as_owner_of(context.config):
        set_values(context.config, "evaluator", values)
    app = running_app(context.directory)
    if app is None:
        _say(
            context,
            {"note": f"terminal.toml names {name} now"},
            f"已写入 terminal.toml  terminal.toml names {name} now",
        )
        return
    try:
        app.restart()
    except AppSocketError as error:
        raise CommandError(f"terminal.toml names {name} now, but the app was not restarted: {error}") from error
    _say(
        context,
        {"note": f"terminal.toml names {name} now; kiosk-app begins anew with it"},
        f"已写入 terminal.toml，程序正在重启  terminal.toml names {name} now; kiosk-app begins anew with it",
    )
