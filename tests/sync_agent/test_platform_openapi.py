"""The platform API's OpenAPI file and what agent and platform really say to each other (interfaces §5)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Kind
from sync_agent.simulated.exchange import Answer, Proceed, Request
from sync_agent.simulated.small_hall import small_hall
from tests.end_to_end.terminal import Terminal, wait_until

FILE = Path(__file__).parents[2] / "docs" / "integrators" / "platform-api.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
REGISTRY: Registry[Any] = Registry().with_resource("urn:file", DRAFT202012.create_resource(DOCUMENT))


def check(value: object, schema: Mapping[str, Any]) -> None:
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:file#/'))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(absolute, registry=REGISTRY, format_checker=checker).validate(value)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, held against the file."""

    request: Request
    answer: Answer

    @property
    def operation(self) -> dict[str, Any]:
        path = self.request.target.partition("?")[0].removeprefix("/evaluation")
        for template, item in DOCUMENT["paths"].items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)).replace("(?P<photo>[^/]+)", ".+")
            if re.fullmatch(pattern, path) and self.request.method.lower() in item:
                found: dict[str, Any] = item[self.request.method.lower()]
                return found
        raise AssertionError(f"the file has no {self.request.method} {path}")

    @property
    def name(self) -> str:
        return str(self.operation["operationId"])

    def check(self) -> None:
        for parameter in map(resolved, self.operation["parameters"]):
            value = self.request.headers.get(parameter["name"].lower())
            assert value is not None or not parameter.get("required"), f"{self.name}: {parameter['name']} is missing"
            if value is not None:
                check(value, parameter["schema"])
        if "requestBody" in self.operation:
            check(self.request.content(), self.operation["requestBody"]["content"]["application/json"]["schema"])
        response = resolved(self.operation["responses"][str(self.answer.status)])
        media = self.answer.headers.get("Content-Type")
        if "application/json" in response.get("content", {}):
            assert media == "application/json"
            check(json.loads(self.answer.body), response["content"]["application/json"]["schema"])
        for name, header in response.get("headers", {}).items():
            assert name in self.answer.headers or not header.get("required"), f"{self.name}: {name} is missing"


@pytest.fixture
def said() -> list[Exchange]:
    return []


@pytest.fixture
def terminal(tmp_path: Path, said: list[Exchange]) -> Iterator[Terminal]:
    """A whole window with its agent, at a platform that serves a small hall; everything said is kept."""
    with Terminal(tmp_path, hall=small_hall(datetime.now(UTC))) as terminal:

        def keep(request: Request, proceed: Proceed) -> Answer:
            answer = proceed()
            said.append(Exchange(request, answer))
            return answer

        terminal.platform.intercept = keep
        yield terminal


def rated_visits(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    for level in Level:
        taken = len(terminal.evaluator.heard("acknowledge"))
        terminal.open_visit(invite=True, ticket_no="A001", cases=[{"item_code": "T-01", "assess_number": 1}])
        terminal.evaluator.press(level.value)
        terminal.evaluator.wait_heard("acknowledge", taken + 1, 60)
    visit = terminal.open_visit()
    terminal.call("POST", f"/visits/{visit}/end")


def test_the_file_is_valid() -> None:
    validate(DOCUMENT)


def test_every_example_is_what_its_schema_says() -> None:
    examples = 0
    for item in DOCUMENT["paths"].values():
        for method in ("get", "post"):
            operation = item.get(method, {})
            bodies = [operation.get("requestBody", {}), *map(resolved, operation.get("responses", {}).values())]
            for content in (body.get("content", {}).get("application/json", {}) for body in bodies):
                if "example" in content:
                    check(content["example"], content["schema"])
                    examples += 1
    assert examples >= 4


def test_the_file_names_every_kind_of_record() -> None:
    assert set(DOCUMENT["components"]["schemas"]["Record"]["properties"]["kind"]["enum"]) == {k.value for k in Kind}


def test_what_a_terminal_and_its_platform_say_is_what_the_file_says(terminal: Terminal, said: list[Exchange]) -> None:
    rated_visits(terminal)
    terminal.start_agent()
    wait_until(
        lambda: {"pushRecords", "pullConfiguration", "heartbeat", "reconcile", "photo"} <= {e.name for e in said},
        "every question was asked",
    )
    wait_until(lambda: len(terminal.platform.ratings()) == len(Level), "all ratings arrived")
    for exchange in said:
        exchange.check()


def test_a_changed_record_is_not_what_the_file_says(terminal: Terminal, said: list[Exchange]) -> None:
    rated_visits(terminal)
    terminal.start_agent()
    wait_until(lambda: len(terminal.platform.ratings()) == len(Level), "all ratings arrived")
    (record, *_) = (r for r in terminal.platform.records if r["kind"] == "rating")
    check(record, {"$ref": "#/components/schemas/Record"})
    for name, value in (("level", "6"), ("source", "default"), ("flags", ["liked"])):
        with pytest.raises(ValidationError):
            check(record | {"payload": record["payload"] | {name: value}}, {"$ref": "#/components/schemas/Record"})
    with pytest.raises(ValidationError):
        check(record | {"changed": True}, {"$ref": "#/components/schemas/Record"})
