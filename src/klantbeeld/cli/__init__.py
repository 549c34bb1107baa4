"""The command line: `klantbeeld ...`."""
