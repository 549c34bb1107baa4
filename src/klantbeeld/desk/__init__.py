"""The employee: find by any number, the 360 page."""
