from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk_app.journal.sealing import Sealer
from tests.kiosk.kiosk_rig import FakePrinter, KioskRig

MakeRig = Callable[..., KioskRig]


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[MakeRig]:
    """Kiosks, each in a directory of its own, closed after the test."""
    rigs: list[KioskRig] = []

    def make(name: str = "kiosk", **options: Any) -> KioskRig:
        rigs.append(KioskRig(tmp_path / name, **options))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make_rig: MakeRig) -> KioskRig:
    """A kiosk with a printer, without a seal key."""
    return make_rig(printer=FakePrinter())


@pytest.fixture(scope="session")
def private_key() -> bytes:
    """What only the platform has."""
    key = generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def sealer(tmp_path: Path, private_key: bytes) -> Sealer:
    path = tmp_path / "platform.pem"
    public = load_pem_private_key(private_key, None).public_key()
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return Sealer(path)
