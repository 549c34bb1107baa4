"""When somebody is a customer: suspect, lead, customer or former customer of each company, and how that came about."""
