"""Events are stored in the transaction of the change they report, then relayed to the bus."""
