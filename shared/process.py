"""Running a service, in one process or in several, each with one or more roles.

`api` answers requests. `relay` publishes outbox rows. `consumer` reacts to events and runs the
service's workers. Every process answers /healthz, /readyz and /metrics, whatever its roles.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum

import structlog
import uvicorn

from shared import metrics
from shared.bus.consumer import Consumer
from shared.bus.dead_letters import DeadLetters
from shared.bus.publisher import CONNECTION_ERRORS
from shared.http.app import check_provided, create_app
from shared.http.ops import Check, Health
from shared.mongo import MongoError
from shared.outbox.lease import Lease
from shared.outbox.relay import Relay
from shared.outbox.store import Backlog
from shared.service import Service, Worker
from shared.stop import Stop

log = structlog.get_logger(__name__)


class ProcessRole(StrEnum):
    API = "api"
    RELAY = "relay"
    CONSUMER = "consumer"


ALL_ROLES = frozenset(ProcessRole)
METRICS_EVERY = 15.0  # seconds between two counts of waiting rows and dead letters


class Process:
    """One process of a service, with its roles."""

    def __init__(self, service: Service, roles: frozenset[ProcessRole] = ALL_ROLES) -> None:
        self.service = service
        self.roles = roles
        platform = service.platform
        settings = platform.settings
        self._backlog = Backlog(platform.mongo, platform.clock)
        self._consumers = [
            Consumer(
                subscription,
                url=settings.amqp_url.get_secret_value(),
                mongo=platform.mongo,
                publisher=platform.publisher,
                clock=platform.clock,
                prefetch=settings.prefetch,
                batch=settings.consumer_batch,
                pause=settings.reconnect_pause,
                retry_after=settings.retry_after,
            )
            for subscription in (service.subscriptions if ProcessRole.CONSUMER in roles else ())
        ]
        self.dead_letters = DeadLetters(
            settings.amqp_url.get_secret_value(),
            [subscription.queue for subscription in service.subscriptions],
            platform.publisher,
        )
        self.health = Health(self._checks())
        self.app = create_app(service, self.health, self.dead_letters, api=ProcessRole.API in roles)
        check_provided(self.app)

    async def prepare(self, stop: Stop) -> None:
        """Make the indexes; wait for the database if it does not answer yet.

        Nothing may start without the indexes, since some rules rely on a unique index.
        """
        while not stop.is_set():
            try:
                await self.service.platform.mongo.ensure_indexes(self.service.all_indexes())
            except MongoError as error:
                log.warning("process.waits_for_store", error=type(error).__name__)
                await stop.sleep(1)
            else:
                return

    async def work(self, stop: Stop) -> None:
        """Run every loop of this process until `stop` is set, then wait until each has ended."""
        async with asyncio.TaskGroup() as group:
            for name, worker in self._workers().items():
                group.create_task(_restart_on_failure(name, worker, stop), name=name)

    async def serve(self, stop: Stop) -> None:
        """Run the loops and the HTTP server until `stop` is set.

        Then /readyz answers 503, no new work is taken, what is under way is finished (for
        `settings.drain` seconds at most), and the connections are closed.
        """
        settings = self.service.platform.settings
        await self.prepare(stop)
        server = _Server(
            uvicorn.Config(
                self.app,
                host=settings.http_host,
                port=settings.http_port,
                root_path=settings.http_root_path,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=int(settings.drain),
            )
        )
        answering = asyncio.create_task(server.serve(), name="http")
        working = asyncio.create_task(self.work(stop), name="work")
        ending = asyncio.create_task(stop.wait())
        log.info("process.started", port=settings.http_port, roles=sorted(map(str, self.roles)))
        await asyncio.wait({answering, working, ending}, return_when=asyncio.FIRST_COMPLETED)
        self.health.draining = True
        stop.set()
        server.should_exit = True
        _, late = await asyncio.wait({answering, working}, timeout=settings.drain)
        for task in late:
            log.warning("process.cut_short", task=task.get_name())
            task.cancel()
        await asyncio.gather(answering, working, return_exceptions=True)
        await self.close()
        log.info("process.ended")
        for task in (answering, working):
            if not task.cancelled() and task.exception() is not None:
                raise SystemExit(1) from task.exception()

    async def close(self) -> None:
        await self.service.platform.publisher.close()
        await self.service.platform.mongo.close()

    def _workers(self) -> Mapping[str, Worker]:
        workers: dict[str, Worker] = {"metrics": self._update_metrics}
        if ProcessRole.API in self.roles:
            workers["keys"] = self.app.state.verifier.run
        if ProcessRole.RELAY in self.roles:
            workers["relay"] = self._relay().run
        for consumer in self._consumers:
            workers[consumer.queue] = consumer.run
        if ProcessRole.CONSUMER in self.roles:
            workers |= self.service.workers
        return workers

    def _relay(self) -> Relay:
        platform = self.service.platform
        settings = platform.settings
        return Relay(
            platform.mongo,
            platform.publisher,
            Lease(platform.mongo, "relay", platform.replica, settings.relay_lease),
            platform.clock,
            batch=settings.relay_batch,
            poll=settings.relay_poll,
        )

    def _checks(self) -> dict[str, Check]:
        platform = self.service.platform
        checks: dict[str, Check] = {"mongodb": platform.mongo.ping}
        if ProcessRole.API in self.roles:
            checks["keys"] = self._has_keys
        if ProcessRole.RELAY in self.roles:
            checks["rabbitmq"] = platform.publisher.open
            checks["relay"] = self._relay_is_not_stuck
        if self._consumers:
            checks["consumers"] = self._consumers_are_connected
        return checks

    async def _has_keys(self) -> None:
        if not self.app.state.verifier.ready:
            raise NotReady("no issuer's keys are known yet")

    async def _relay_is_not_stuck(self) -> None:
        oldest = await self._backlog.oldest_due()
        limit = timedelta(seconds=self.service.platform.settings.relay_stuck_after)
        if oldest is not None and oldest > limit:
            raise NotReady(f"an event has been due for {oldest.total_seconds():.0f} s")

    async def _consumers_are_connected(self) -> None:
        lost = [consumer.queue for consumer in self._consumers if not consumer.connected]
        if lost:
            raise NotReady(f"not connected: {', '.join(lost)}")

    async def _update_metrics(self, stop: Stop) -> None:
        while not await stop.sleep(METRICS_EVERY):
            with contextlib.suppress(MongoError, *CONNECTION_ERRORS):
                metrics.OUTBOX_WAITING.set(await self._backlog.waiting())
                for queue, count in (await self.dead_letters.counts()).items():
                    metrics.DEAD_LETTERS.labels(queue).set(count)


class NotReady(Exception):
    """Why this process is not ready for work."""


async def _restart_on_failure(
    name: str, worker: Callable[[Stop], Awaitable[None]], stop: Stop
) -> None:
    """Run a loop. If it fails, start it again after a pause, which grows each time."""
    pause = 0.5
    while not stop.is_set():
        try:
            await worker(stop)
        except Exception:
            log.exception("worker.failed", worker=name)
            await stop.sleep(pause)
            pause = min(pause * 2, 30)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the whole process handles signals together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def stop_on_signals() -> Stop:
    """A `Stop` that SIGTERM and SIGINT set."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
