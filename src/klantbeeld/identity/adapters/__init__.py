"""The matching engine behind the port."""
