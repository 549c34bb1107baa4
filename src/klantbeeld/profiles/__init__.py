"""The golden record: survivorship, provenance, relations, search by name."""
