"""RabbitMQ: topology, publisher, consumer with inbox, delayed retries, dead letters."""
