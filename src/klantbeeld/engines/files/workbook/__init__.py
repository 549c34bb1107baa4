"""Excel workbooks (Office Open XML, ECMA-376), one sheet, row by row in constant memory.

Measured on 50,000 rows of 13 cells (CPU seconds on a busy machine): records from this reader 2.4 s in constant memory;
openpyxl 3 s for the bare values; calamine .4 s, but it holds the whole sheet (some 2 GB for a full one).
"""

from klantbeeld.engines.files.workbook.book import Book, Sheet
from klantbeeld.engines.files.workbook.cells import iterate_rows

__all__ = ["Book", "Sheet", "iterate_rows"]
