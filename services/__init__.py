"""The services. None imports another; they talk by events (see shared/contracts)."""
