"""Which records are one customer: keys, links, clusters, decisions, ids and redirects, find by any number."""
