"""HTTP: the app factory, access, problems, idempotency, preconditions, paging, health."""
