"""The ways through the house: receive -> resolve -> project -> publish; correct; merge."""
