"""The device's own Ed25519 key: made once on this terminal, never leaves it (R12)."""

import base64
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

SIGNING_KEY_FILE = "signing.key"


class SigningKeyError(RuntimeError):
    """The device's key is missing or unreadable; the message says what to do."""


def load_signing_key(directory: Path) -> Ed25519PrivateKey:
    """The device's key in the storage directory. Raises `SigningKeyError`."""
    path = directory / SIGNING_KEY_FILE
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise SigningKeyError(f"{path}: the device's signing key is missing; restore it from the backup") from None
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyError(f"{path}: not a readable signing key ({error}); restore it from the backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{path}: not an Ed25519 key; restore the device's own from the backup")
    return key


def create_signing_key(directory: Path) -> Ed25519PrivateKey:
    """Make the device's key, on the disk before it is used; readable by its owner alone."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path, unfinished = directory / SIGNING_KEY_FILE, directory / f"{SIGNING_KEY_FILE}.new"
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return key


def public_key_text(key: Ed25519PublicKey) -> str:
    """The 32 raw bytes in standard base64, as `journal_started` carries them."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode("ascii")


def public_key_of(text: str) -> Ed25519PublicKey:
    """The key that `public_key_text` spells. Raises `ValueError`."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (ValueError, TypeError) as error:
        raise ValueError("a public key is 32 bytes in base64, as journal_started carries it") from error
