"""What the desk's templates show, gathered through the queries of the domain; a page starts no query of its own."""
