"""A terminal's health in areas, as a technician thinks of it: what is wrong, and what is known to be right."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Self

from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Json


class Area(StrEnum):
    """What a problem is about, in the order in which a technician looks."""

    STORAGE = "storage"
    CLOCK = "clock"
    EVALUATOR = "evaluator"
    PRINTER = "printer"
    SCANNER = "scanner"
    SOUND = "sound"
    DISPLAY = "display"
    NETWORK = "network"
    PLATFORM = "platform"
    BINDING = "binding"
    CONFIGURATION = "configuration"
    HALL_DATA = "hall_data"
    BACKUP = "backup"
    VERSIONS = "versions"
    """Of the programs; whether they run at all, too."""


@dataclass(frozen=True)
class Health:
    """How a terminal is."""

    problems: tuple[Problem, ...] = ()
    facts: Mapping[Area, str] = field(default_factory=dict)
    """What is known of an area in one line, such as `12.3 GB free; journal of 48201 records, 31 MB`."""

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """What another program told. Raises `ValueError`, `KeyError`, `TypeError` for what is no health."""
        problems = tuple(
            Problem(**{**problem, "severity": Severity(problem["severity"])}) for problem in value["problems"]
        )
        known = {str(area) for area in Area}
        facts = {Area(area): str(words) for area, words in dict(value.get("facts") or {}).items() if area in known}
        return cls(problems, facts)

    def to_json(self) -> Json:
        """What `GET /v1/health` tells (interfaces §6), and the facts."""
        return {**health_json(self.problems), "facts": {area.value: words for area, words in self.facts.items()}}


def health_json(problems: Sequence[Problem]) -> Json:
    """`status` and `problems` as interfaces §6 has them: a problem makes the terminal degraded, a warning does not."""
    degraded = any(problem.severity is Severity.PROBLEM for problem in problems)
    return {"status": "degraded" if degraded else "ok", "problems": [asdict(problem) for problem in problems]}


def together(*parts: Health) -> Health:
    """One health out of several; where two know an area's facts, both are told."""
    facts: dict[Area, str] = {}
    for part in parts:
        for area, words in part.facts.items():
            facts[area] = f"{facts[area]}; {words}" if area in facts else words
    return Health(tuple(problem for part in parts for problem in part.problems), facts)


_CODES: dict[Area, str] = {
    Area.STORAGE: "cannot_record storage_missing storage_read_only storage_not_writable storage_foreign_files "
    "disk_low disk_full wal_large journal_damaged journal_unreadable journal_unguarded journal_set_back "
    "delivery_unreadable",
    Area.CLOCK: "clock_wrong clock_not_synchronised clock_went_back calendar_unknown calendar_unusable",
    Area.EVALUATOR: "evaluator_lost evaluator_lent evaluator_noisy evaluator_not_confirmed",
    Area.PRINTER: "printer_paper_low printer_paper_out printer_cover_open printer_cutter_error printer_error "
    "printer_offline printer_lost printer_lent",
    Area.SCANNER: "scanner_lost scanner_lent",
    Area.SOUND: "sound_silent",
    Area.DISPLAY: "screen_not_shown display_small display_density_unknown",
    Area.NETWORK: "network_down network_name_unknown network_unreachable",
    Area.PLATFORM: "platform_refuses_device platform_unavailable platform_not_encrypted platform_data_refused "
    "platform_certificate_expiring platform_certificate_expired pull_failing photos_refused heartbeat_failing "
    "reconcile_failing records_refused records_waiting agent_not_running",
    Area.BINDING: "binding_missing staff_unknown",
    Area.CONFIGURATION: "configuration_refused protocol_refused seal_key_refused ports_ambiguous no_rating_code "
    "technician_pin_missing window_api_not_encrypted certificate_expiring certificate_expired certificate_unreadable",
    Area.HALL_DATA: "hall_data_missing hall_data_unreadable hall_data_odd numbers_missing numbers_unsure leases_low "
    "leases_used_up pulled_rules_unusable",
    Area.BACKUP: "backup_failing backup_missing backup_late backup_same_disk",
    Area.VERSIONS: "app_not_running app_silent health_unknown sqlite_unsafe",
}
_AREAS = {code: area for area, codes in _CODES.items() for code in codes.split()}


def area_of(code: str) -> Area:
    """The area of a problem's code; a code that is new here is placed by its first word, else in the configuration."""
    if code in _AREAS:
        return _AREAS[code]
    return next((area for area in Area if code.startswith(f"{area}_")), Area.CONFIGURATION)


def known_codes() -> frozenset[str]:
    """Every code that has a place."""
    return frozenset(_AREAS)
