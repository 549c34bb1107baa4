"""Partners and machines: the REST API."""
