"""Steward, administrator, analyst: sources, quality, settings."""
