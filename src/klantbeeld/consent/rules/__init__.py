"""Pure decisions on what is allowed."""
