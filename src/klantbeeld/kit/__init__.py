"""Helpers without domain or framework: ids, time, errors, text."""
