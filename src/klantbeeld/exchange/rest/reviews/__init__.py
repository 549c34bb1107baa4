"""The review queue over REST: what waits, what it would do, the decision, the figures."""
