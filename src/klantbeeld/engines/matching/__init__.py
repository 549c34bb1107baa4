"""Which records are the same person or organisation: normalise, block, compare, weigh, cluster, explain."""
