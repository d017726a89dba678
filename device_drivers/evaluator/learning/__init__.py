"""From the bytes that an undocumented evaluator sends to a protocol file that reads it: pure, no port and no clock.

`infer` does the work; `what_was_heard` and `background_is_enough` tell whoever asks for the presses when to go on.
"""

from device_drivers.evaluator.learning.inference import infer
from device_drivers.evaluator.learning.listening import Heard, background_is_enough, what_was_heard
from device_drivers.evaluator.learning.note import Note, NoteCode
from device_drivers.evaluator.learning.samples import AskedPress, CannotInferError, Chunk, Learned, RefusalCode

__all__ = [
    "AskedPress",
    "CannotInferError",
    "Chunk",
    "Heard",
    "Learned",
    "Note",
    "NoteCode",
    "RefusalCode",
    "background_is_enough",
    "infer",
    "what_was_heard",
]
