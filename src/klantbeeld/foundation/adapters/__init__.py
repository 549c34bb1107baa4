"""The outside world as the ground meets it."""
