"""`python -m local.sample`: load the sample through GATEWAY (see docker-compose.yml)."""

import time

import httpx

from local.layout import SERVICES, Layout
from local.people import wait_for
from local.sample.load import load_sample


def ready(layout: Layout) -> bool:
    try:
        if all(httpx.get(f"{layout.url(name)}/readyz").is_success for name in SERVICES):
            return True
    except httpx.HTTPError:
        pass  # the gateway itself is not up yet
    time.sleep(1)
    return False


if __name__ == "__main__":
    here = Layout.default()
    wait_for(lambda: ready(here), "the services to be ready", seconds=180)
    load_sample(here, print)
