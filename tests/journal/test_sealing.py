"""Personal data is sealed at once; only the platform's private key opens it (R11)."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwe
from joserfc.jwk import ECKey, OKPKey, RSAKey

from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.sealing import Sealer, SealKeyError
from kiosk_app.journal.verification import verify
from tests.journal import drafts
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock

PERSON = {"name": "测试员甲", "id_no": "640181199001011234", "phone": "10000000000"}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | x25519.X25519PublicKey | ed25519.Ed25519PublicKey


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


MAKE: dict[str, Callable[[], PrivateKey]] = {
    "RSA 2048": rsa_key,
    "EC P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EC P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "X25519": x25519.X25519PrivateKey.generate,
}


def pem_of(public_key: PublicKey | dsa.DSAPublicKey) -> bytes:
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem_of(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def platform_key(kind: str, pem: bytes) -> tuple[RSAKey | ECKey | OKPKey, str]:
    """The private key and its algorithm, as a platform's own software would have them."""
    if kind.startswith("RSA"):
        return RSAKey.import_key(pem), "RSA-OAEP-256"
    return (ECKey if kind.startswith("EC") else OKPKey).import_key(pem), "ECDH-ES"


@pytest.mark.parametrize("kind", MAKE)
def test_what_is_sealed_opens_with_the_private_key_alone(tmp_path: Path, kind: str) -> None:
    private = MAKE[kind]()
    (tmp_path / "platform.pem").write_bytes(pem_of(private.public_key()))
    sealed = Sealer(tmp_path / "platform.pem").seal(PERSON)

    key, algorithm = platform_key(kind, private_pem_of(private))
    opened = jwe.decrypt_compact(sealed, key, algorithms=[algorithm, "A256GCM"])
    assert opened.plaintext is not None
    assert json.loads(opened.plaintext) == PERSON
    assert opened.protected == {**opened.protected, "alg": algorithm, "enc": "A256GCM"}


@pytest.mark.parametrize("kind", MAKE)
def test_the_same_person_sealed_twice_cannot_be_told_from_two(tmp_path: Path, kind: str) -> None:
    (tmp_path / "platform.pem").write_bytes(pem_of(MAKE[kind]().public_key()))
    sealer = Sealer(tmp_path / "platform.pem")
    assert sealer.seal(PERSON) != sealer.seal(PERSON)


def test_no_file_of_the_terminal_holds_the_plain_text(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "platform.pem").write_bytes(pem_of(x25519.X25519PrivateKey.generate().public_key()))
    sealer, storage = Sealer(tmp_path / "platform.pem"), tmp_path / "storage"
    with closing(open_journal(storage, clock)) as journal:
        visit = new_id()
        journal.append(drafts.opened(clock.now(), visit, user=sealer.seal(PERSON)))
        (rating,) = journal.append(drafts.rating(clock.now(), visit))
        journal.append(
            drafts.detail(clock.now(), rating.record_id, visit, contact=sealer.seal({"phone": "10000000000"}))
        )
        # Also while the write-ahead log still holds it.
        assert_nowhere(storage)
    assert_nowhere(storage)
    assert verify(storage).holds
    with closing(JournalReader.open(storage)) as reader:
        sealed = [record.sealed for record in reader.all_records() if record.sealed]
    assert [list(names) for names in sealed] == [["user"], ["contact"]]


def assert_nowhere(storage: Path) -> None:
    files = [path for path in storage.rglob("*") if path.is_file()]
    assert any(path.name == "journal.sqlite3" for path in files)
    for path in files:
        content = path.read_bytes()
        for value in PERSON.values():
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert value.encode(encoding) not in content, path
            assert json.dumps(value).strip('"').encode() not in content, path


def _private() -> bytes:
    return private_pem_of(x25519.X25519PrivateKey.generate())


WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "a private key": (_private, "private key"),
    "a private key after a public one": (lambda: pem_of(rsa_key().public_key()) + _private(), "private key"),
    "empty": (lambda: b"", "not a usable public key"),
    "text": (lambda: b"hello", "not a usable public key"),
    "cut off": (lambda: pem_of(x25519.X25519PrivateKey.generate().public_key())[:50], "not a usable public key"),
    "bytes": (lambda: bytes(range(256)), "not a usable public key"),
    "a key to sign with": (lambda: pem_of(ed25519.Ed25519PrivateKey.generate().public_key()), "not a usable"),
    "a key of another kind": (lambda: pem_of(dsa.generate_private_key(2048).public_key()), "not a usable"),
    "too small a key": (lambda: pem_of(rsa_key(1024).public_key()), "2048"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_that_is_no_usable_public_key_is_refused_in_one_line(tmp_path: Path, wrong: str) -> None:
    make, words = WRONG[wrong]
    (tmp_path / "platform.pem").write_bytes(make())
    with pytest.raises(SealKeyError, match=words) as refusal:
        Sealer(tmp_path / "platform.pem")
    assert str(tmp_path / "platform.pem") in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_key_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SealKeyError, match="cannot be read"):
        Sealer(tmp_path / "platform.pem")
