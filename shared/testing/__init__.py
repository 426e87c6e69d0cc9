"""What tests and `make up` use: real servers as children, given/when/then, waiting, faults."""
