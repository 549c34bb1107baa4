"""Compact frequency tables of the invented world: names, streets, places, trades, goods."""
