"""The API over HTTP: what a read costs, how long a delivery takes."""
