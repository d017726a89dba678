"""`terminal.toml` as checked, immutable settings (interfaces §2).

A file that is not right is refused as a whole, with one line that names file, key, value and what is allowed.
"""

import ipaddress
import re
import ssl
import stat
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails

SETTINGS_FILE = "terminal.toml"
Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")


class ConfigurationError(ValueError):
    """The configuration is refused; the message is the one line to show."""


def _resolve(value: Any, info: ValidationInfo) -> Any:
    """A path as written becomes one relative to the settings file; an empty one means "none"."""
    if not isinstance(value, str):
        return value
    directory: Path = (info.context or {})["directory"]
    return directory / value if value else None


def _read_secret(value: Any, info: ValidationInfo) -> bytes:
    """The file's text without surrounding white space, as bytes; refused if others than its owner can read it."""
    path = _resolve(value, info)
    if not isinstance(path, Path):
        raise ValueError("the name of a file that holds the secret")
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ValueError(f"cannot read {path} ({reason}); create it, readable by this user alone") from error
    _refuse_if_others_can_read(path, mode)
    if not text:
        raise ValueError(f"{path} is empty; put the secret into it")
    return text.encode()


def _readable(value: Path | None) -> Path | None:
    if value is not None and not value.is_file():
        raise ValueError(f"{value} is not a file; give an existing file or leave it empty")
    return value


def _refuse_if_others_can_read(path: Path, mode: int) -> None:
    if stat.S_IMODE(mode) & 0o077:
        raise ValueError(f"{path} can be read by others (mode {stat.S_IMODE(mode):04o}); run: chmod 600 {path}")


def _private(value: Path | None) -> Path | None:
    if (value := _readable(value)) is not None:
        _refuse_if_others_can_read(value, value.stat().st_mode)
    return value


def _read_key(value: Any, info: ValidationInfo) -> bytes:
    """The key that a secret file spells; whatever else it holds is never shown."""
    text = _read_secret(value, info)
    if not re.fullmatch(rb"[0-9a-fA-F]{64}", text):
        raise ValueError("the file must hold 64 hex digits, the key, and nothing else")
    return bytes.fromhex(text.decode("ascii"))


def _web_address(value: str) -> str:
    if not _is_web_address(value):
        raise ValueError("https://host/path is needed, without query, user or blanks")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        names_a_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    too_much = parts.query or parts.fragment or "@" in parts.netloc or re.search(r"\s", value)
    return parts.scheme in ("http", "https") and names_a_host and not too_much


def _web_address_or_none(value: str) -> str:
    return value and _web_address(value)


def _listen_address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError("host:port, such as 127.0.0.1:8711")
    return value


def _distinct_languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) != len(value):
        raise ValueError("each language once")
    return value


DirectoryPath = Annotated[Path, BeforeValidator(_resolve)]
OptionalDirectory = Annotated[Path | None, BeforeValidator(_resolve)]
OptionalFile = Annotated[Path | None, AfterValidator(_readable), BeforeValidator(_resolve)]
PrivateFile = Annotated[Path | None, AfterValidator(_private), BeforeValidator(_resolve)]
Secret = Annotated[bytes, BeforeValidator(_read_secret)]
KeyFile = Annotated[bytes, BeforeValidator(_read_key)]
ListenAddress = Annotated[str, AfterValidator(_listen_address)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


class Section(BaseModel):
    """A table of the file: nothing unknown, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


class Terminal(Section):
    """Who this terminal is."""

    device_id: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,40}$")]
    short_id: Annotated[int, Field(ge=1, le=4095)]
    profile: Literal["window", "kiosk"]
    hall: Word
    area_code: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    languages: Annotated[
        tuple[Language, ...], Field(min_length=1, strict=False), AfterValidator(_distinct_languages)
    ] = LANGUAGES


class Storage(Section):
    """Where the records are."""

    directory: DirectoryPath
    backup_directory: OptionalDirectory = None


class Platform(Section):
    """The integrated platform."""

    url: Annotated[str, AfterValidator(_web_address)]
    public_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    secret: Secret = Field(alias="secret_file", repr=False)
    signature: Literal["hmac-sha256", "hmac-sm3"] = "hmac-sha256"
    ca_file: OptionalFile = None
    push_seconds: Annotated[int, Field(ge=1, le=300)] = 5
    pull_seconds: Annotated[int, Field(ge=1, le=86400)] = 300
    seal_key_file: OptionalFile = None
    allow_http: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Whether what is sent is encrypted on its way."""
        return urlsplit(self.url).scheme == "https"

    @model_validator(mode="after")
    def _url_is_safe(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.allow_http and not is_loopback(parts.hostname or ""):
            raise ValueError(f'url = "{self.url}": https, or http with allow_http = true')
        return self


class Evaluator(Section):
    """The serial five-button evaluator."""

    protocol: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "shared-bus-68"
    port: Word = "auto"
    address: Annotated[int, Field(ge=0, le=255)] = 129


class Printer(Section):
    """The ticket printer."""

    port: Word = "auto"
    baud: Annotated[int, Field(ge=1200, le=921600)] = 115200
    width_mm: Literal[58, 80] = 80
    flow_control: Literal["none", "rtscts", "xonxoff"] = "none"
    """How the printer says that its buffer is full: "rtscts" needs a cable that carries it, "none" a large buffer."""


class Scanner(Section):
    """A serial scanner."""

    port: Word
    baud: Annotated[int, Field(ge=1200, le=921600)] = 9600


class Window(Section):
    """The window profile."""

    number: Annotated[str, Field(min_length=1, max_length=8)]
    invite_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    detail_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    visit_max_minutes: Annotated[int, Field(ge=1, le=1440)] = 240


class WindowApi(Section):
    """Where business systems call; the default token file lies beside the settings."""

    listen: ListenAddress = "127.0.0.1:8711"
    token: Secret = Field(default="window-api.token", alias="token_file", validate_default=True, repr=False)
    certificate_file: OptionalFile = None
    """The terminal's certificate (PEM), those of its issuers after it; with it the API speaks https."""
    certificate_key_file: PrivateFile = None

    @property
    def is_encrypted(self) -> bool:
        """Whether PINs and tokens are encrypted on their way."""
        return self.certificate_file is not None

    @property
    def is_for_this_machine_only(self) -> bool:
        """Whether no other machine can call."""
        return is_loopback(self.listen.rpartition(":")[0].strip("[]"))

    def tls(self) -> ssl.SSLContext | None:
        """The server's side of TLS; None without a certificate. Raises `OSError` where the files do not fit."""
        if self.certificate_file is None or self.certificate_key_file is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Without a password given, OpenSSL would ask for one on the terminal and wait.
        context.load_cert_chain(self.certificate_file, self.certificate_key_file, password="")
        return context

    @model_validator(mode="after")
    def _certificate_and_key_fit(self) -> Self:
        if (self.certificate_file is None) != (self.certificate_key_file is None):
            raise ValueError("certificate_file and certificate_key_file: give both, or neither")
        try:
            self.tls()
        except OSError as error:
            raise ValueError(
                f'certificate_file = "{self.certificate_file}": it and certificate_key_file are no PEM certificate '
                f"with its own key that needs no password{_tls_fault(error)}"
            ) from error
        return self


class Kiosk(Section):
    """The self-service profile."""

    idle_seconds: Annotated[int, Field(ge=10, le=600)] = 60
    booking_days: Annotated[int, Field(ge=1, le=30)] = 5


class RatingCode(Section):
    """Codes to rate later with (interfaces §7)."""

    hall_id: Annotated[int, Field(ge=1, le=1023)] = 1
    key: KeyFile = Field(default="device.key", alias="key_file", validate_default=True, repr=False)


class Rules(Section):
    """Numbers that a hall may set."""

    supplementary_working_days: Annotated[int, Field(ge=1, le=60)] = 5
    short_service_seconds: Annotated[int, Field(ge=0, le=3600)] = 20
    year_starts_in_december: bool = False


class Settings(Section):
    """All of `terminal.toml`."""

    terminal: Terminal
    storage: Storage
    platform: Platform
    evaluator: Evaluator | None = None
    printer: Printer | None = None
    scanner: Scanner | None = None
    window: Window | None = None
    window_api: WindowApi | None = None
    kiosk: Kiosk | None = None
    rating_code: RatingCode | None = None
    rules: Rules = Rules()

    @model_validator(mode="after")
    def _profile_has_its_section(self) -> Self:
        if getattr(self, self.terminal.profile) is None:
            raise ValueError(f'terminal.profile = "{self.terminal.profile}" needs a section [{self.terminal.profile}]')
        return self


def _tls_fault(error: OSError) -> str:
    """What is known of the fault; of a file that holds something else OpenSSL says nothing useful."""
    reason = getattr(error, "reason", None) or ("" if isinstance(error, ssl.SSLError) else error.strerror)
    return f" ({reason.replace('_', ' ').lower()})" if reason else ""


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(config_directory: Path) -> Settings:
    """Read and check `terminal.toml`. Raises `ConfigurationError` with one line: file, key, value, what is allowed."""
    path = config_directory.absolute() / SETTINGS_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); give the right --config DIR") from error
    return read_settings(content, path)


def read_settings(content: bytes, path: Path) -> Settings:
    """Check what stands, or is to stand, in `path`. Raises `ConfigurationError` as `load_settings` does."""
    try:
        document = tomllib.loads(content.decode().replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {_printable(str(error))}") from error
    try:
        return Settings.model_validate(document, context={"directory": path.parent})
    except ValidationError as error:
        raise ConfigurationError(_one_line(path, error)) from error


def _one_line(path: Path, error: ValidationError) -> str:
    """The first two faults in a technician's words, and how many more there are."""
    first, *others = error.errors(include_url=False)
    also = f"; also {_worded(others[0])}" if others else ""
    more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
    return f"{path}: " + _printable(f"{_worded(first)}{also}{more}")


def _worded(fault: ErrorDetails) -> str:
    key = ".".join(map(str, fault["loc"]))
    if fault["type"] != "extra_forbidden":
        # A default is reported under the field's name, what stands in the file under its alias.
        key = re.sub(r"\.(key|token)$", r".\1_file", key)
    message = fault["msg"].removeprefix("Value error, ")
    value = "" if isinstance(fault["input"], dict) or fault["type"] == "missing" else f" = {_toml(fault['input'])}"
    words = {
        "extra_forbidden": "unknown key; remove it or correct its name",
        "missing": "missing; this key is required",
    }
    return f"{key}{value}{': ' if key else ''}{words.get(fault['type'], message)}"


def _toml(value: object) -> str:
    """A value as one would write it in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _printable(text: str) -> str:
    """One line, whatever stands in it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
