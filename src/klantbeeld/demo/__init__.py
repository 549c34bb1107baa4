"""An invented Dutch company group with known truth: quick start, tests, load."""
