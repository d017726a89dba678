"""The page's own files, read once; nothing of it comes from anywhere else."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "texts.json": "application/json",
    "icon.svg": "image/svg+xml",
}


class StaticFiles:
    """Serves them from memory."""

    def __init__(self) -> None:
        directory = files(__package__).joinpath("files")
        self._contents = {name: directory.joinpath(name).read_bytes() for name in _TYPES}

    async def show_page(self, _request: Request) -> Response:
        """The page itself."""
        return self._answer("index.html")

    async def show_file(self, request: Request) -> Response:
        """What the page is made of."""
        name: str = request.path_params["name"]
        if name not in self._contents:
            raise ProblemError(
                Kind.UNKNOWN_ADDRESS, "The clerk's page has no such file: open / and let it load its own."
            )
        return self._answer(name)

    def _answer(self, name: str) -> Response:
        return Response(self._contents[name], headers={"Content-Type": _TYPES[name]})
