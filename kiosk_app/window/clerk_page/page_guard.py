"""Which requests may be the clerk's page itself, and not another page in the same browser.

The cookie alone does not tell: SameSite takes pages of other ports of this machine for the same site.
"""

from starlette.datastructures import Headers

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

PAGE = "/"
BELOW = "/clerk/"
FILES_BELOW = "/clerk/files/"
_OWN_SITES = frozenset({"same-origin", "none"})


def is_page_path(path: str) -> bool:
    """Whether an address belongs to the page: it needs no token, but what is behind it a session."""
    return path == PAGE or path.startswith(BELOW)


def check_page_request(method: str, path: str, scheme: str, headers: Headers) -> None:
    """Raise `ProblemError` for what another page may have sent."""
    if path == PAGE or path.startswith(FILES_BELOW):
        return
    site = headers.get("sec-fetch-site")
    origins = headers.getlist("origin")
    is_foreign = (site is not None and site not in _OWN_SITES) or any(
        origin.lower() != f"{scheme}://{headers.get('host', '')}".lower() for origin in origins
    )
    acts = method not in ("GET", "HEAD")
    if is_foreign or (acts and not origins and site != "same-origin"):
        detail = "Open the clerk's page of this terminal and do it there."
        raise ProblemError(Kind.FOREIGN_ORIGIN, detail)
    if acts and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        detail = "Send the body as one JSON object with Content-Type: application/json."
        raise ProblemError(Kind.WRONG_CONTENT_TYPE, detail)
