"""Orders, parcels, calls, contracts and objects as facts on a source record; people hold roles in them over time."""
