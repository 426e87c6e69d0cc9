"""`python -m local.sample`: load the sample through GATEWAY (see docker-compose.yml)."""

import time

import httpx

from local.layout import SERVICES, Layout
from local.people import wait_for
from local.sample.load import load_sample


def ready(layout: Layout) -> bool:
    try:
        answers = [httpx.get(f"{layout.url(service)}/readyz") for service in SERVICES]
    except httpx.HTTPError:
        time.sleep(1)
        return False
    return all(answer.status_code == 200 for answer in answers)


if __name__ == "__main__":
    here = Layout.default()
    wait_for(lambda: ready(here), "the services to be ready", seconds=180)
    load_sample(here, print)
