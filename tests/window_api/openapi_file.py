"""The window API's OpenAPI file, asked whether an answer is one it declares."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = yaml.safe_load(
    files("kiosk_app.window.window_api").joinpath("openapi.yaml").read_text(encoding="utf-8")
)
_METHODS = {"get", "head", "post", "put", "patch", "delete", "options", "trace"}
_REGISTRY: Registry[Any] = Registry().with_resource("urn:file", DRAFT202012.create_resource(DOCUMENT))
_TELLING_HEADERS = {"retry-after", "location", "www-authenticate", "allow", "set-cookie"}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self._responses}

    @property
    def needs_token(self) -> bool:
        return bool(DOCUMENT["paths"][self.path][self.method.lower()].get("security", DOCUMENT["security"]))

    @property
    def is_of_the_page(self) -> bool:
        """Whether the clerk's page asks it; all else is the business systems'."""
        return bool(DOCUMENT["paths"][self.path][self.method.lower()]["tags"] == ["clerk"])

    def check(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Fail if the file does not declare this answer."""
        assert status in self.statuses, f"{self} answered {status}, which openapi.yaml does not declare"
        response = _resolved(self._responses[str(status)])
        _check_headers({name.lower(): value for name, value in headers.items()}, response.get("headers", {}))
        if self.method == "HEAD":
            assert body == b""
            return
        if "content" not in response:
            assert body == b""
            return
        media_type = headers["content-type"]
        assert media_type in response["content"]
        value = json.loads(body) if media_type.endswith("json") else body.decode()
        check_schema(value, response["content"][media_type]["schema"])

    @property
    def _responses(self) -> dict[str, Any]:
        responses: dict[str, Any] = DOCUMENT["paths"][self.path][self.method.lower()]["responses"]
        return responses


def operations() -> Iterator[Operation]:
    """Everything that the file declares."""
    for path, item in DOCUMENT["paths"].items():
        for method in item.keys() & _METHODS:
            yield Operation(method.upper(), path)


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that a request is, or None if the file declares none."""
    for operation in operations():
        pattern = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(operation.path))
        if operation.method == method and re.fullmatch(pattern, path):
            return operation
    return None


def check_schema(value: object, schema: dict[str, Any]) -> None:
    """Fail if a value is not what a schema of the file allows."""
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:file#/'))
    validator = Draft202012Validator(absolute, registry=_REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(value)


def _check_headers(headers: dict[str, str], declared: dict[str, Any]) -> None:
    undeclared = headers.keys() & _TELLING_HEADERS - {name.lower() for name in declared}
    assert not undeclared, f"openapi.yaml does not declare {undeclared}"
    for name, header in ((name.lower(), _resolved(header)) for name, header in declared.items()):
        assert name in headers or not header.get("required"), f"{name} is missing"
        if name in headers:
            integer = header["schema"].get("type") == "integer"
            check_schema(int(headers[name]) if integer else headers[name], header["schema"])


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: dict[str, Any] = DOCUMENT
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found
