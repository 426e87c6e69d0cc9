"""The services as they are put together, connected to nothing, and their documents."""

from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI

from local import docs
from local.layout import SERVICES
from shared.http.app import create_app


@pytest.fixture(scope="session")
def apps() -> Mapping[str, FastAPI]:
    return {name: create_app(docs.load(name)) for name in SERVICES}


@pytest.fixture(scope="session", params=SERVICES)
def app(request: pytest.FixtureRequest, apps: Mapping[str, FastAPI]) -> FastAPI:
    return apps[request.param]


@pytest.fixture(scope="session")
def document(app: FastAPI) -> Mapping[str, Any]:
    return app.openapi()
