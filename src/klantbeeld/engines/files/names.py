"""Names of columns, each of its own."""

import re
from collections.abc import Sequence


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: `column_3` for an empty one, `phone_2` for the second `phone`."""
    names: list[str] = []
    taken: set[str] = set()
    next_number: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        base = re.sub(r"\s+", " ", cell) or f"column_{position}"
        name, number = base, next_number.get(base, 2)
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        next_number[base] = number
        names.append(name)
        taken.add(name)
    return tuple(names)
