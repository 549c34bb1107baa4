"""How long somebody waits: finding and upserting one record, in a database of this size."""
