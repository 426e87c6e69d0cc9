"""The metrics that a service shows at /metrics, named by the Prometheus conventions."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "http_request_seconds",
    "Requests answered, by route and status class",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
RELAYED = Counter("outbox_relayed_total", "Outbox rows published and marked")
RELAY_LAG = Histogram(
    "outbox_relay_lag_seconds",
    "From an event's commit to its confirmed publication",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120),
)
OUTBOX_WAITING = Gauge("outbox_waiting", "Outbox rows not yet published")
HANDLED = Counter("bus_handled_total", "Deliveries settled", ["queue", "result"])
HANDLING = Histogram(
    "bus_batch_seconds",
    "One transaction of deliveries",
    ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
DEAD_LETTERS = Gauge("bus_dead_letters", "Messages that could not be handled", ["queue"])
SENT = Counter(
    "messages_total", "Messages handed over, by what became of them", ["channel", "status"]
)
