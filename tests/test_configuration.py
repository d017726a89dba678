"""`terminal.toml`: every key of interfaces §2, what it may be, and the one line that refuses what it may not."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from tests.self_signed import lock_key, write_certificate

SECRET = "a secret of the hall"
KEY = "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789"


@dataclass
class Config:
    """A configuration directory with every section and every required key; a test changes what it is about."""

    directory: Path
    sections: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            "terminal": {
                "device_id": '"lw-a-w12"',
                "short_id": "12",
                "profile": '"window"',
                "hall": '"灵武市政务服务中心"',
                "area_code": '"640181000000"',
            },
            "storage": {"directory": '"storage"'},
            "platform": {"url": '"https://platform.intra/evaluation"', "secret_file": '"platform.secret"'},
            "window": {"number": '"12"'},
        }
    )

    def secret(self, name: str, text: str = SECRET, mode: int = 0o600) -> Path:
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def set(self, key: str, toml: str | None) -> "Config":
        """Set `section.key` to this TOML; None removes it; a section alone is added empty."""
        section, _, name = key.partition(".")
        keys = self.sections.setdefault(section, {})
        if name and toml is None:
            keys.pop(name)
        elif name:
            keys[name] = toml or ""
        return self

    @property
    def file(self) -> Path:
        return self.directory / "terminal.toml"

    def write(self) -> None:
        lines = []
        for section, keys in self.sections.items():
            lines += [f"[{section}]", *(f"{key} = {value}" for key, value in keys.items())]
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def load(self) -> Settings:
        self.write()
        return load_settings(self.directory)

    def refusal(self) -> str:
        """The one line by which it is refused; it names the file."""
        with pytest.raises(ConfigurationError) as refused:
            self.load()
        line = str(refused.value)
        assert line.startswith(f"{self.file}: ")
        assert line == " ".join(line.splitlines()), "one line"
        assert "Traceback" not in line
        return line.removeprefix(f"{self.file}: ")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config(tmp_path)
    config.secret("platform.secret")
    config.secret("window-api.token", "t0ken")
    config.secret("device.key", KEY)
    return config


ALL_SECTIONS = ("evaluator", "printer", "window_api", "kiosk", "rating_code", "rules")


def test_the_required_keys_are_enough(config: Config) -> None:
    settings = config.load()
    assert settings.terminal.device_id == "lw-a-w12"
    assert settings.platform.secret == SECRET.encode()
    assert [getattr(settings, section) for section in ALL_SECTIONS[:-1]] == [None] * 5
    assert settings.scanner is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("terminal.languages", ("zh-CN", "en")),
        ("storage.backup_directory", None),
        ("platform.public_url", ""),
        ("platform.signature", "hmac-sha256"),
        ("platform.ca_file", None),
        ("platform.push_seconds", 5),
        ("platform.pull_seconds", 300),
        ("platform.seal_key_file", None),
        ("platform.allow_http", False),
        ("evaluator.protocol", "shared-bus-68"),
        ("evaluator.port", "auto"),
        ("evaluator.address", 129),
        ("printer.baud", 115200),
        ("printer.width_mm", 80),
        ("printer.flow_control", "none"),
        ("scanner.baud", 9600),
        ("window.invite_seconds", 30),
        ("window.detail_seconds", 30),
        ("window.visit_max_minutes", 240),
        ("window_api.listen", "127.0.0.1:8711"),
        ("window_api.token", b"t0ken"),
        ("window_api.certificate_file", None),
        ("window_api.certificate_key_file", None),
        ("kiosk.idle_seconds", 60),
        ("kiosk.booking_days", 5),
        ("rating_code.hall_id", 1),
        ("rating_code.key", bytes.fromhex(KEY)),
        ("rules.supplementary_working_days", 5),
        ("rules.short_service_seconds", 20),
        ("rules.year_starts_in_december", False),
    ],
)
def test_every_other_key_has_its_default(config: Config, key: str, value: Any) -> None:
    for section in ALL_SECTIONS:
        config.set(section, None)
    config.set("scanner.port", '"/dev/ttyUSB1"')
    section, name = key.split(".")
    assert getattr(getattr(config.load(), section), name) == value


INTEGERS = {
    "terminal.short_id": (1, 4095),
    "platform.push_seconds": (1, 300),
    "platform.pull_seconds": (1, 86400),
    "evaluator.address": (0, 255),
    "printer.baud": (1200, 921600),
    "scanner.baud": (1200, 921600),
    "window.invite_seconds": (1, 600),
    "window.detail_seconds": (1, 600),
    "window.visit_max_minutes": (1, 1440),
    "kiosk.idle_seconds": (10, 600),
    "kiosk.booking_days": (1, 30),
    "rating_code.hall_id": (1, 1023),
    "rules.supplementary_working_days": (1, 60),
    "rules.short_service_seconds": (0, 3600),
}


@pytest.mark.parametrize("key", INTEGERS)
def test_a_number_may_be_what_lies_in_its_bounds(config: Config, key: str) -> None:
    section, name = key.split(".")
    config.set("scanner.port", '"/dev/ttyUSB1"')
    for bound in INTEGERS[key]:
        assert getattr(getattr(config.set(key, str(bound)).load(), section), name) == bound


@pytest.mark.parametrize("key", INTEGERS)
def test_a_number_out_of_its_bounds_is_refused_with_the_bound(config: Config, key: str) -> None:
    config.set("scanner.port", '"/dev/ttyUSB1"')
    low, high = INTEGERS[key]
    for value, bound in ((low - 1, low), (high + 1, high)):
        line = config.set(key, str(value)).refusal()
        assert line.startswith(f"{key} = {value}: ")
        assert str(bound) in line


@pytest.mark.parametrize("value", ['"5"', "5.0", "true", "[5]", "2026-11-22", "{}"])
@pytest.mark.parametrize("key", INTEGERS)
def test_what_is_not_a_whole_number_is_refused(config: Config, key: str, value: str) -> None:
    config.set("scanner.port", '"/dev/ttyUSB1"')
    assert config.set(key, value).refusal().startswith(key)


@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("terminal.device_id", ["abc", "a" * 40, "0-9", "---"]),
        ("terminal.profile", ["window"]),
        ("terminal.hall", ["厅", "A" * 100]),
        ("terminal.area_code", ["000000000000", "640181000000"]),
        ("platform.signature", ["hmac-sha256", "hmac-sm3"]),
        ("platform.public_url", ["https://pj.example.gov.cn", "https://pj.example.gov.cn/hall"]),
        ("evaluator.protocol", ["shared-bus-68", "my_own.2"]),
        ("evaluator.port", ["auto", "/dev/serial/by-path/x"]),
        ("window.number", ["1", "A12", "12345678"]),
        ("window_api.listen", ["127.0.0.1:8711", "0.0.0.0:1", "[::1]:65535", "localhost:8711"]),
    ],
)
def test_a_text_may_be_what_is_allowed(config: Config, key: str, good: list[str]) -> None:
    section, name = key.split(".")
    for value in good:
        assert getattr(getattr(config.set(key, f'"{value}"').load(), section), name) == value


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("terminal.device_id", ["ab", "a" * 41, "Lw-a", "lw_a", "lw a", "灵武", "abc\\n", ""]),
        ("terminal.profile", ["windows", "", "Window"]),
        ("terminal.hall", ["", "厅" * 101]),
        ("terminal.area_code", ["64018100000", "6401810000000", "64018100000a", "６４０１８１００００００"]),
        ("platform.signature", ["hmac-md5", "HMAC-SHA256", ""]),
        ("platform.public_url", ["pj.example.gov.cn", "ftp://pj.example.gov.cn", "https://", "https://x/?a=1"]),
        ("evaluator.protocol", ["", "../x", "a/b", "a" * 65]),
        ("evaluator.port", [""]),
        ("window.number", ["", "123456789"]),
        ("window_api.listen", ["8711", ":8711", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "a:²"]),
    ],
)
def test_a_text_that_is_not_allowed_is_refused_with_its_value(config: Config, key: str, bad: list[str]) -> None:
    for value in bad:
        line = config.set(key, f'"{value}"').refusal()
        assert line.startswith(f'{key} = "'), line
        assert len(line.split(": ", 1)[1]) > 5, "it says what is allowed"


@pytest.mark.parametrize("value", ["5", "true", "1.5", '["a"]', "2026-11-22"])
@pytest.mark.parametrize(
    "key",
    [
        "terminal.device_id", "terminal.profile", "terminal.hall", "terminal.area_code", "storage.directory",
        "storage.backup_directory", "platform.url", "platform.public_url", "platform.secret_file",
        "platform.signature", "platform.ca_file", "platform.seal_key_file", "evaluator.protocol", "evaluator.port",
        "printer.port", "scanner.port", "window.number", "window_api.listen", "window_api.token_file",
        "window_api.certificate_file", "window_api.certificate_key_file", "rating_code.key_file",
    ],
)  # fmt: skip
def test_what_is_not_a_text_is_refused(config: Config, key: str, value: str) -> None:
    assert config.set(key, value).refusal().startswith(f"{key} = ")


@pytest.mark.parametrize("value", ["0", '"true"', "[]"])
@pytest.mark.parametrize("key", ["platform.allow_http", "rules.year_starts_in_december"])
def test_what_is_neither_true_nor_false_is_refused(config: Config, key: str, value: str) -> None:
    assert config.set(key, value).refusal().startswith(key)


@pytest.mark.parametrize("width", ["58", "80"])
def test_paper_is_58_or_80_mm_wide(config: Config, width: str) -> None:
    printer = config.set("printer.width_mm", width).load().printer
    assert printer is not None
    assert printer.width_mm == int(width)


@pytest.mark.parametrize("flow", ["none", "rtscts", "xonxoff"])
def test_a_printer_says_in_one_of_three_ways_that_it_is_full(config: Config, flow: str) -> None:
    printer = config.set("printer.flow_control", f'"{flow}"').load().printer
    assert printer is not None
    assert printer.flow_control == flow


@pytest.mark.parametrize("flow", ['"dsrdtr"', '"RTSCTS"', '""', "true"])
def test_no_other_way_is_known(config: Config, flow: str) -> None:
    line = config.set("printer.flow_control", flow).refusal()
    assert line.startswith("printer.flow_control = ")
    assert "'xonxoff'" in line


@pytest.mark.parametrize("width", ["57", "0", '"80"', "true"])
def test_no_other_paper_is_wide_enough(config: Config, width: str) -> None:
    line = config.set("printer.width_mm", width).refusal()
    assert line.startswith("printer.width_mm = ")
    assert "58" in line
    assert "80" in line


@pytest.mark.parametrize(
    ("toml", "languages"), [('["en"]', ("en",)), ('["en", "zh-CN"]', ("en", "zh-CN")), ('["zh-CN"]', ("zh-CN",))]
)
def test_languages_keep_their_order(config: Config, toml: str, languages: tuple[str, ...]) -> None:
    assert config.set("terminal.languages", toml).load().terminal.languages == languages


@pytest.mark.parametrize("toml", ["[]", '["de"]', '"zh-CN"', '["en", "en"]', "5", "[5]", '["zh-CN", "en", "ug"]'])
def test_other_languages_are_refused(config: Config, toml: str) -> None:
    assert config.set("terminal.languages", toml).refusal().startswith("terminal.languages")


# What must stand, and what must not


@pytest.mark.parametrize(
    "key",
    [
        "terminal.device_id", "terminal.short_id", "terminal.profile", "terminal.hall", "terminal.area_code",
        "storage.directory", "platform.url", "platform.secret_file", "window.number",
    ],
)  # fmt: skip
def test_a_required_key_that_is_missing_is_named(config: Config, key: str) -> None:
    assert config.set(key, None).refusal() == f"{key}: missing; this key is required"


@pytest.mark.parametrize("section", ["terminal", "storage", "platform"])
def test_a_required_section_that_is_missing_is_named(config: Config, section: str) -> None:
    del config.sections[section]
    assert config.refusal().startswith(f"{section}: missing")


def test_the_section_of_the_profile_is_required(config: Config) -> None:
    del config.sections["window"]
    assert config.refusal() == 'terminal.profile = "window" needs a section [window]'
    config.set("terminal.profile", '"kiosk"')
    assert config.refusal() == 'terminal.profile = "kiosk" needs a section [kiosk]'
    config.set("kiosk", None)
    assert config.load().kiosk is not None


@pytest.mark.parametrize("section", ["terminal", "storage", "platform", "window", *ALL_SECTIONS, "scanner"])
def test_an_unknown_key_is_refused_in_every_section(config: Config, section: str) -> None:
    if section == "scanner":
        config.set("scanner.port", '"/dev/ttyUSB1"')
    line = config.set(f"{section}.colour", '"red"').refusal()
    assert line == f'{section}.colour = "red": unknown key; remove it or correct its name'


@pytest.mark.parametrize("key", ["window_api.token", "rating_code.key", "platform.secret"])
def test_a_secret_written_into_the_file_is_refused_by_the_name_it_has_there(config: Config, key: str) -> None:
    line = config.set(key, '"hunter2"').refusal()
    assert line.startswith(f"{key} = ")
    assert "unknown key" in line


def test_an_unknown_section_is_refused(config: Config) -> None:
    assert config.set("camera.port", '"x"').refusal().startswith("camera: unknown key")


def test_an_unknown_key_outside_of_every_section_is_refused(config: Config) -> None:
    config.write()
    config.file.write_text("colour = 5\n" + config.file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"terminal\.toml: colour = 5: unknown key"):
        load_settings(config.directory)


@pytest.mark.parametrize("text", ["window = 5", '[[window]]\nnumber = "12"'])
def test_a_section_that_is_none_is_refused(config: Config, text: str) -> None:
    del config.sections["window"]
    config.write()
    config.file.write_text(f"{text}\n" + config.file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"terminal\.toml: window") as refused:
        load_settings(config.directory)
    assert "\n" not in str(refused.value)


def test_two_faults_are_both_named_in_the_one_line(config: Config) -> None:
    line = config.set("terminal.short_id", "0").set("window.invite_seconds", "0").refusal()
    assert line.startswith("terminal.short_id = 0: ")
    assert "; also window.invite_seconds = 0: " in line
    assert "more)" not in line


def test_two_faults_are_told_and_the_others_counted(config: Config) -> None:
    line = config.set("terminal.short_id", "0").set("window.invite_seconds", "0").set("rules.x", "1").refusal()
    assert line.startswith("terminal.short_id = 0: ")
    assert "; also window.invite_seconds = 0: " in line
    assert line.endswith("(and 1 more)")


@pytest.mark.parametrize("value", ['"""a\nb"""', '"a\\nb"', '"a\\u2028b"', f'"{"a" * 5000}"', '"\\u001b[31mred"'])
def test_a_refusal_is_one_short_line_whatever_stands_in_the_file(config: Config, value: str) -> None:
    line = config.set("terminal.device_id", value).refusal()
    assert len(line) < 300
    assert line.isprintable()


def test_a_strange_name_of_a_key_is_one_line_too(config: Config) -> None:
    assert config.set('rules."a\\nb"', "1").refusal().isprintable()


# Paths


def test_paths_are_relative_to_the_file_not_to_where_the_program_was_started(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.set("storage.backup_directory", '"../backup"')
    (config.directory / "ca.pem").write_text("x", encoding="utf-8")
    config.set("platform.ca_file", '"ca.pem"').write()
    monkeypatch.chdir(config.directory.parent)
    settings = load_settings(Path(config.directory.name))
    assert settings.storage.directory == config.directory / "storage"
    assert settings.storage.backup_directory == config.directory / "../backup"
    assert settings.platform.ca_file == config.directory / "ca.pem"


def test_an_absolute_path_stays_as_it_is(config: Config, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert config.set("storage.directory", f'"{elsewhere}"').load().storage.directory == elsewhere


@pytest.mark.parametrize("key", ["storage.backup_directory", "platform.ca_file", "platform.seal_key_file"])
def test_an_empty_path_means_none(config: Config, key: str) -> None:
    section, name = key.split(".")
    assert getattr(getattr(config.set(key, '""').load(), section), name) is None


def test_records_cannot_be_stored_nowhere(config: Config) -> None:
    assert config.set("storage.directory", '""').refusal().startswith("storage.directory")


@pytest.mark.parametrize("key", ["platform.ca_file", "platform.seal_key_file"])
def test_a_file_that_is_named_must_be_there(config: Config, key: str) -> None:
    assert "not a file" in config.set(key, '"missing.pem"').refusal()
    (config.directory / "missing.pem").mkdir()
    assert "not a file" in config.refusal()


# Secrets

SECRETS = {
    "platform.secret_file": "platform.secret",
    "window_api.token_file": "window-api.token",
    "rating_code.key_file": "device.key",
}


@pytest.fixture(params=SECRETS)
def secret(request: pytest.FixtureRequest, config: Config) -> tuple[str, Path]:
    """A key that names a file of a secret, and that file."""
    key: str = request.param
    config.set(key.partition(".")[0], None)
    return key, config.directory / SECRETS[key]


def test_a_secret_is_the_files_text_without_surrounding_white_space(config: Config) -> None:
    config.secret("platform.secret", "\r\n  密 secret with blanks \t\n\n")
    assert config.load().platform.secret == "密 secret with blanks".encode()


def test_a_secret_file_that_is_missing_is_refused(config: Config, secret: tuple[str, Path]) -> None:
    key, path = secret
    path.unlink()
    line = config.refusal()
    assert line.startswith(key)
    assert str(path) in line
    assert "No such file" in line


def test_a_secret_file_that_is_a_directory_is_refused(config: Config, secret: tuple[str, Path]) -> None:
    key, path = secret
    path.unlink()
    path.mkdir(mode=0o700)
    line = config.refusal()
    assert line.startswith(key)
    assert str(path) in line


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_secret_is_refused(config: Config, secret: tuple[str, Path], text: str) -> None:
    key, path = secret
    config.secret(path.name, text)
    line = config.refusal()
    assert line.startswith(key)
    assert "empty" in line


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o640, 0o660, 0o666, 0o777])
def test_a_secret_that_others_can_read_is_refused_with_what_to_do(
    config: Config, secret: tuple[str, Path], mode: int
) -> None:
    key, path = secret
    path.chmod(mode)
    line = config.refusal()
    assert line.startswith(key)
    assert f"{mode:04o}" in line
    assert f"chmod 600 {path}" in line


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_secret_that_its_owner_alone_can_read_is_taken(config: Config, secret: tuple[str, Path], mode: int) -> None:
    secret[1].chmod(mode)
    config.load()


def test_a_secret_that_is_not_utf_8_is_refused(config: Config, secret: tuple[str, Path]) -> None:
    key, path = secret
    path.write_bytes("密码".encode("gb18030"))
    line = config.refusal()
    assert line.startswith(key)
    assert "UTF-8" in line


@pytest.mark.parametrize("text", [KEY[:-1], KEY + "0", "g" * 64, KEY[:32] + "\n" + KEY[32:], "０" * 64])
def test_a_key_is_64_hex_digits(config: Config, text: str) -> None:
    config.set("rating_code", None).secret("device.key", text)
    line = config.refusal()
    assert line.startswith("rating_code.key_file")
    assert "64 hex digits" in line


def test_no_refusal_shows_a_secret(config: Config) -> None:
    config.set("rating_code", None).secret("device.key", "hunter2")
    assert "hunter2" not in config.refusal()


def test_settings_that_are_shown_show_no_secret(config: Config) -> None:
    shown = repr(config.set("window_api", None).set("rating_code", None).load())
    assert SECRET not in shown
    assert "t0ken" not in shown
    assert repr(bytes.fromhex(KEY)) not in shown


# The platform's address


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "localhost:8080", "127.0.0.1:1"])
def test_http_is_allowed_on_loopback(config: Config, host: str) -> None:
    assert not config.set("platform.url", f'"http://{host}/v"').load().platform.is_encrypted


@pytest.mark.parametrize(
    "host", ["platform.intra", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "[::2]", "0.0.0.0"]
)
def test_http_to_other_machines_needs_allow_http(config: Config, host: str) -> None:
    line = config.set("platform.url", f'"http://{host}/v"').refusal()
    assert f'url = "http://{host}/v"' in line
    assert "allow_http" in line
    assert not config.set("platform.allow_http", "true").load().platform.is_encrypted


def test_https_is_always_allowed(config: Config) -> None:
    assert config.set("platform.url", '"https://platform.intra:8443/evaluation"').load().platform.is_encrypted


@pytest.mark.parametrize(
    "url",
    [
        "", "platform.intra", "ftp://platform.intra", "https://", "https:///path", "https://h/p?q=1", "https://h/p#f",
        "https://[::1", "https://h:99999/", "https://h:port/", "//platform.intra", "file:///etc/passwd",
        "https://platform .intra/", "https://user:hunter2@platform.intra/",
    ],
)  # fmt: skip
def test_what_is_not_the_address_of_a_platform_is_refused(config: Config, url: str) -> None:
    line = config.set("platform.url", f'"{url}"').refusal()
    assert re.match(r"platform(\.url)?( = |: url = )", line), line
    assert "https" in line


# The file itself


def test_a_directory_without_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"terminal\.toml: cannot be read \(No such file.*--config"):
        load_settings(tmp_path / "nowhere")
    (tmp_path / "terminal.toml").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"[terminal\n",
        b"a = \n",
        b"a = 1\na = 2\n",
        "hall = 灵武\n".encode(),
        '[terminal]\nhall = "灵武"\n'.encode("gb18030"),
        b"\x00\x01\x02",
        b"a = \"\x07\"",
    ],
)  # fmt: skip
def test_what_is_not_toml_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terminal.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"terminal\.toml: not valid TOML: .+") as refused:
        load_settings(tmp_path)
    assert str(refused.value).isprintable()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").touch()
    with pytest.raises(ConfigurationError, match="terminal: missing"):
        load_settings(tmp_path)


def test_settings_never_change(config: Config) -> None:
    settings = config.load()
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings.terminal, "short_id", 13)  # noqa: B010 - mypy knows it, and this is about the rest of us


def with_certificate(config: Config) -> tuple[Path, Path]:
    """The window API with a certificate and its key."""
    config.set("window_api.certificate_file", '"tls.pem"').set("window_api.certificate_key_file", '"tls.key"')
    return write_certificate(config.directory)


def test_the_window_api_may_have_a_certificate(config: Config) -> None:
    certificate, key = with_certificate(config)
    api = config.load().window_api
    assert api is not None
    assert (api.certificate_file, api.certificate_key_file) == (certificate, key)
    assert api.is_encrypted
    assert api.tls() is not None


@pytest.mark.parametrize("missing", ["window_api.certificate_file", "window_api.certificate_key_file"])
def test_a_certificate_and_its_key_are_given_together(config: Config, missing: str) -> None:
    with_certificate(config)
    line = config.set(missing, None).refusal()
    assert line == "window_api: certificate_file and certificate_key_file: give both, or neither"


def test_empty_names_mean_no_certificate(config: Config) -> None:
    api = config.set("window_api.certificate_file", '""').set("window_api.certificate_key_file", '""').load().window_api
    assert api is not None
    assert not api.is_encrypted
    assert api.tls() is None


@pytest.mark.parametrize("name", ["tls.pem", "tls.key"])
def test_a_certificate_or_key_that_is_not_there_is_refused(config: Config, name: str) -> None:
    with_certificate(config)
    (config.directory / name).unlink()
    assert f"{name} is not a file" in config.refusal()


@pytest.mark.parametrize("name", ["tls.pem", "tls.key"])
def test_a_certificate_or_key_that_is_none_is_refused(config: Config, name: str) -> None:
    with_certificate(config)
    (config.directory / name).write_bytes(b"nonsense \xff")
    line = config.refusal()
    assert line.startswith("window_api: certificate_file = ")
    assert "PEM" in line


def test_a_key_of_another_certificate_is_refused(config: Config) -> None:
    certificate, _ = with_certificate(config)
    (config.directory / "other").mkdir()
    write_certificate(config.directory / "other")[0].replace(certificate)
    assert "key values mismatch" in config.refusal()


def test_a_key_that_asks_for_a_password_is_refused_instead_of_asking(config: Config) -> None:
    _, key = with_certificate(config)
    lock_key(key, b"a password")
    assert "needs no password" in config.refusal()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_certificates_key_that_others_can_read_is_refused(config: Config, mode: int) -> None:
    _, key = with_certificate(config)
    key.chmod(mode)
    line = config.refusal()
    assert f"chmod 600 {key}" in line
    assert "PRIVATE KEY" not in line


@pytest.mark.parametrize(
    ("listen", "here_only"),
    [
        ("127.0.0.1:8711", True),
        ("[::1]:8711", True),
        ("localhost:1", True),
        ("0.0.0.0:1", False),
        ("10.1.2.3:1", False),
    ],
)
def test_whether_other_machines_can_call_is_seen_from_the_address(config: Config, listen: str, here_only: bool) -> None:
    api = config.set("window_api.listen", f'"{listen}"').load().window_api
    assert api is not None
    assert api.is_for_this_machine_only is here_only
