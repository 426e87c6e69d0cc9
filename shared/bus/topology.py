"""What the broker holds: one topic exchange, a quorum queue per consumer, shared delay queues.

    events (topic) ──type──▶ <queue> ──▶ consumer
                               ▲   │ failed: published to a delay exchange, then acknowledged
      delay.10s (queue, TTL) ◀─┼───┘
          └── expired: default exchange, by the routing key it kept, which is the queue's name
                               │
                               └── out of tries, or delivered 20 times unsettled ──▶ <queue>.dead

All consumers share the delay queues. A message enters one through a fanout exchange, which does not
change its routing key; when its time is over, that key brings it back to its own queue. All this
works the same on RabbitMQ 3.10 and 4.x.
"""

from collections.abc import Iterable
from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue

EXCHANGE = "events"

# A delivery that comes back so often without an acknowledgement (its consumer died each time) is a
# dead letter. It is set here because RabbitMQ 4 has a limit of its own and 3.10 has none.
DELIVERY_LIMIT = 20

# Reading dead letters counts as a delivery, since they are put back; RabbitMQ 4 would drop them
# after 20 reads. Both versions accept this number; only version 4 accepts "no limit".
DEAD_QUEUE_DELIVERY_LIMIT = 1_000_000_000

_AT_LEAST_ONCE = {
    # A message that moves to another queue is removed here only after it has arrived there.
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def dead_queue(queue: str) -> str:
    return f"{queue}.dead"


def delay_exchange(pause: float) -> str:
    """The exchange of the queue in which a delivery waits for so many seconds."""
    return f"delay.{pause:g}s"


def _quorum(**arguments: Any) -> dict[str, Any]:
    return {"x-queue-type": "quorum"} | {
        f"x-{key.replace('_', '-')}": value for key, value in arguments.items()
    }


async def declare_exchange(channel: AbstractChannel) -> AbstractExchange:
    """The exchange to which every event is published."""
    return await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)


async def declare_delays(channel: AbstractChannel, pauses: Iterable[float]) -> None:
    for pause in pauses:
        name = delay_exchange(pause)
        entry = await channel.declare_exchange(name, ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(
            name,
            durable=True,
            arguments=_quorum(message_ttl=int(pause * 1000), dead_letter_exchange="")
            | _AT_LEAST_ONCE,
        )
        await queue.bind(entry)


async def declare_queue(
    channel: AbstractChannel, name: str, event_types: Iterable[str]
) -> AbstractQueue:
    """The queue of a consumer, bound to these event types, and its queue of dead letters."""
    await channel.declare_queue(
        dead_queue(name), durable=True, arguments=_quorum(delivery_limit=DEAD_QUEUE_DELIVERY_LIMIT)
    )
    queue = await channel.declare_queue(
        name,
        durable=True,
        arguments=_quorum(
            delivery_limit=DELIVERY_LIMIT,
            dead_letter_exchange="",
            dead_letter_routing_key=dead_queue(name),
        )
        | _AT_LEAST_ONCE,
    )
    for event_type in event_types:
        await queue.bind(EXCHANGE, routing_key=event_type)
    return queue
