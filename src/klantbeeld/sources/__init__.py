"""Source systems by declaration, records as received, pulls, quarantine."""
