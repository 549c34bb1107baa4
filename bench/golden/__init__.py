"""How fast rows of a CSV file become golden records, end to end."""
