"""Set-based SQL on identity's own tables: each function is one statement, or one per thousand rows."""
