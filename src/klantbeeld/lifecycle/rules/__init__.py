"""What a policy says, and what it says of a customer."""
