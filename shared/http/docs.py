"""The page at /docs: Swagger UI. All its files come from this service, so it needs no internet."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse

FOLDER = Path(fastapi_offline.__file__).parent / "static"
SCRIPT, STYLE, ICON = "swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"


def install(app: FastAPI) -> None:
    async def page(request: Request) -> HTMLResponse:
        here = request.scope.get("root_path", "").rstrip("/")
        return get_swagger_ui_html(
            openapi_url=f"{here}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{here}/docs/{SCRIPT}",
            swagger_css_url=f"{here}/docs/{STYLE}",
            swagger_favicon_url=f"{here}/docs/{ICON}",
        )

    app.add_route("/docs", page, include_in_schema=False)
    for name in (SCRIPT, STYLE, ICON):
        # Not StaticFiles: below a root path it looks in the wrong folder.
        app.add_route(f"/docs/{name}", _sending(FOLDER / name), include_in_schema=False)


def _sending(file: Path) -> Callable[[Request], Awaitable[FileResponse]]:
    async def send(_request: Request) -> FileResponse:
        return FileResponse(file)

    return send
