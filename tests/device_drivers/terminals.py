"""What Python does not tell of terminals."""

import fcntl
import struct

TIOCGEXCL = 0x80045440
"""Asks for the mark that TIOCEXCL sets; Linux has it, the module termios does not."""


def is_marked_exclusive(descriptor: int) -> bool:
    """Whether the kernel keeps others from opening this terminal."""
    answer = fcntl.ioctl(descriptor, TIOCGEXCL, bytes(4))
    return bool(struct.unpack("i", answer)[0])
