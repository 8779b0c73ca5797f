"""`/docs`: the API drawn by Swagger UI, with nothing fetched from another host."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

PATH = "/docs"

# Relative, so that it also works behind a proxy that serves us below a path of its own.
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shopbell: the API</title>
<link rel="stylesheet" href="docs/files/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="api"></div>
<script src="docs/files/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

# Without a word on it, Swagger UI asks a validator of its makers to read the document.
_START = """\
SwaggerUIBundle({ dom_id: "#api", url: "openapi.json", deepLinking: true, validatorUrl: null });
"""

# The browser holds the page to it: Swagger UI sets styles by script, and draws its signs from data.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'"


def add_docs(app: FastAPI) -> None:
    """The page, and the files of Swagger UI that the `fastapi-offline` package carries; its code is not used."""

    @app.get(PATH, include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY})

    @app.get(f"{PATH}/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    app.mount(f"{PATH}/files", StaticFiles(packages=[("fastapi_offline", "static")]))
