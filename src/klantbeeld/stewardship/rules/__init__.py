"""Pure decisions of stewardship."""
