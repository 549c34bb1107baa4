"""Pure decisions about golden values: who wins, how a name is written, by which words a customer is found."""
