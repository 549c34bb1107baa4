"""The review queue: its pages and what they show."""
