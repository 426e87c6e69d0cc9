"""What `make up` uses: databases, sinks, services, the sample, the demo. Not for production."""
