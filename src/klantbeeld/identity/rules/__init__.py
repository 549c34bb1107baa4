"""Pure decisions of identity: ids, decisions of people, components, numbers. No database, clock or chance."""
