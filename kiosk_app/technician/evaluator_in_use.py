"""The evaluator that terminal.toml names, and the words on its keys."""

from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from kiosk_app.configuration import Evaluator
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician.context import CommandError, Context

WORDS = dict(zip(LEVELS, ("非常满意", "满意", "基本满意", "不满意", "非常不满意"), strict=True))
"""What is printed on the keys (R1)."""


def evaluator_in_use(context: Context) -> tuple[Evaluator, EvaluatorProtocol]:
    """Port, address and protocol. Raises `CommandError` where there is no such section."""
    evaluator, protocol = context.settings.evaluator, protocol_in_use(context.settings, context.config)
    if evaluator is None or protocol is None:
        raise CommandError("terminal.toml has no section [evaluator]; add one with protocol and port")
    return evaluator, protocol
