"""The outside world: how files and services are read."""
