"""Personal data is sealed for the platform the moment it is received; this terminal cannot read it back (R11).

A sealed value is a JWE in compact form (RFC 7516), content encrypted by AES-256-GCM, its key by the platform's public
key: RSA-OAEP-256 for RSA, ECDH-ES for elliptic curves and X25519. Any JOSE library opens it with the private key.
"""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path

from joserfc import jwe
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

_KINDS = ((RSAKey, "RSA-OAEP-256"), (ECKey, "ECDH-ES"), (OKPKey, "ECDH-ES"))


class SealKeyError(ValueError):
    """The platform's public key cannot be used; the message is one line that says what to do."""


class Sealer:
    """Seals for one platform key."""

    def __init__(self, key_file: Path) -> None:
        """Load a public key in PEM. Raises `SealKeyError`."""
        named = f"terminal.toml: platform.seal_key_file = {key_file}"
        try:
            pem = key_file.read_bytes()
        except OSError as error:
            raise SealKeyError(f"{named}: cannot be read ({error.strerror})") from error
        if b"PRIVATE KEY" in pem:
            raise SealKeyError(f"{named}: a private key has no place on a terminal; install the public key")
        for kind, algorithm in _KINDS:
            try:
                with warnings.catch_warnings(action="error", category=SecurityWarning):  # a key too small
                    self._key = kind.import_key(pem)
                self._algorithm = algorithm
                self.seal({})
                return
            except (JoseError, ValueError, TypeError, SecurityWarning):
                continue
        raise SealKeyError(f"{named}: not a usable public key; needed is PEM of RSA (2048 or more), EC or X25519")

    def seal(self, data: Mapping[str, str]) -> bytes:
        """The ciphertext of a JSON object."""
        header = {"alg": self._algorithm, "enc": "A256GCM"}
        plain = json.dumps(dict(data), ensure_ascii=False).encode()
        return jwe.encrypt_compact(header, plain, self._key, algorithms=[self._algorithm, "A256GCM"]).encode("ascii")
