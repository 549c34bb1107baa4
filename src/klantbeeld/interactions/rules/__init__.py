"""Pure decisions about activities."""
