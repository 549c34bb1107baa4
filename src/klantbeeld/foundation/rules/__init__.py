"""Pure decisions of the ground: scopes, roles, keys, the starter catalogue."""
