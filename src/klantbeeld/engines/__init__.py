"""Pure and fast: no Django, no database, no klantbeeld nouns; each usable and benchmarked alone."""
