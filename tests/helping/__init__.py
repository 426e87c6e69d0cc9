"""What the services' tests share beside `shared.testing`."""
