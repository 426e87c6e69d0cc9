"""Events written in the transaction that makes them true, then relayed to the bus."""
