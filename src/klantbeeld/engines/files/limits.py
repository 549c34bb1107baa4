"""How much a file may hold. What is larger is refused before it is opened, or while it is read, never after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; `ratio` counts only once a file unpacks to more than `small`."""

    file_bytes: int = 32 << 30
    unpacked_bytes: int = 16 << 30
    ratio: int = 250  # unpacked bytes per packed byte: text reaches 30, deflate at most 1,032
    small: int = 64 << 20
    members: int = 5_000  # files in a workbook
    columns: int = 4_096
    depth: int = 40  # objects or elements in each other
    fields: int = 20_000  # values in one record
    record_bytes: int = 16 << 20


LIMITS = Limits()
