"""Purposes, legal bases, consent events: allowed(subject, purpose, recipient, at)."""
