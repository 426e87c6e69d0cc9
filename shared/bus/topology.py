"""What stands in the broker: one topic exchange, a quorum queue per consumer, shared delay queues.

    events (topic) ──type──▶ <queue> ──▶ consumer
                               ▲   │ failed: published to a delay exchange, then acknowledged
      delay.10s (queue, TTL) ◀─┼───┘
          └── expired: default exchange, by the routing key it kept, which is the queue's name
                               │
                               └── out of tries, or delivered 20 times unsettled ──▶ <queue>.dead

The delay queues serve every consumer: a message enters through a fanout exchange, which leaves the
routing key alone, and leaves by that key. All of it works alike on RabbitMQ 3.10 and 4.x.
"""

from collections.abc import Iterable
from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue

EXCHANGE = "events"

# A delivery that comes back unsettled this often (its consumer died each time) is a dead letter.
# Said aloud because RabbitMQ 4 has a limit of its own and 3.10 has none.
DELIVERY_LIMIT = 20

# Looking at dead letters puts them back, which counts as a delivery; RabbitMQ 4 would drop them
# after 20 looks. Both versions take this number, only 4 takes "no limit".
LOOKS_LIMIT = 1_000_000_000

_SAFELY_ONWARD = {
    # A message that moves to another queue is removed here only when it has arrived there.
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def dead_queue(queue: str) -> str:
    return f"{queue}.dead"


def delay_exchange(pause: float) -> str:
    """Where a delivery waits for so many seconds before it comes back."""
    return f"delay.{pause:g}s"


def _quorum(**arguments: Any) -> dict[str, Any]:
    return {"x-queue-type": "quorum"} | {
        f"x-{key.replace('_', '-')}": value for key, value in arguments.items()
    }


async def declare_exchange(channel: AbstractChannel) -> AbstractExchange:
    """The exchange every event goes to."""
    return await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)


async def declare_delays(channel: AbstractChannel, pauses: Iterable[float]) -> None:
    for pause in pauses:
        name = delay_exchange(pause)
        entry = await channel.declare_exchange(name, ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(
            name,
            durable=True,
            arguments=_quorum(message_ttl=int(pause * 1000), dead_letter_exchange="")
            | _SAFELY_ONWARD,
        )
        await queue.bind(entry)


async def declare_queue(
    channel: AbstractChannel, name: str, event_types: Iterable[str]
) -> AbstractQueue:
    """A consumer's queue, bound to what it wants, and the place for its dead letters."""
    await channel.declare_queue(
        dead_queue(name), durable=True, arguments=_quorum(delivery_limit=LOOKS_LIMIT)
    )
    queue = await channel.declare_queue(
        name,
        durable=True,
        arguments=_quorum(
            delivery_limit=DELIVERY_LIMIT,
            dead_letter_exchange="",
            dead_letter_routing_key=dead_queue(name),
        )
        | _SAFELY_ONWARD,
    )
    for event_type in event_types:
        await queue.bind(EXCHANGE, routing_key=event_type)
    return queue
