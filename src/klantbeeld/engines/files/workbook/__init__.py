"""Excel workbooks (Office Open XML, ECMA-376), one sheet, row by row in constant memory.

Our own, since no library keeps to what a file of a stranger asks (measured on openpyxl 3.1 and python-calamine 0.9):
- openpyxl builds a whole row, and every part beside the sheets, as a tree before it can be judged: a workbook of 118 kB
  with one row of 4 million cells does not fit in 1.5 GB. It leaves out without a word a row whose number is not higher
  than the one before, and a cell that stands left of its neighbour; makes rows for every number that is skipped; shows
  a formula that was never computed as an empty cell, and serial 60 (a day that never was) as 28 February 1900.
- calamine holds the sheet as a full grid: a workbook of 2 kB with cells in A1 and XFD1048576 ends the whole process.
50,000 rows of 13 cells: 2.2 CPU seconds here, 8.1 in openpyxl with the guard against entities (defusedxml), 0.4 in
calamine. What a file must give is held in the corpus of bad input, so that another library can be tried against it.
"""

from klantbeeld.engines.files.workbook.book import Book, Sheet
from klantbeeld.engines.files.workbook.cells import iterate_rows

__all__ = ["Book", "Sheet", "iterate_rows"]
