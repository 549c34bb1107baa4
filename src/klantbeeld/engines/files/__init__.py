"""Tables of any usual kind: open a file, see how it is written and what its columns mean, read it as text into Arrow.

opened = open_table(Path("crm.csv"))         # encoding, delimiter, columns, a sample
guesses = guess_columns(opened)              # what every column means, and why
read = read_table(opened)                    # an Arrow table of text, and the refused rows with their position
"""

from klantbeeld.engines.files.errors import REFUSALS, Refusals, RefusedRow, TableError
from klantbeeld.engines.files.tables import TableFile, TableRead, open_table, read_table

__all__ = ["REFUSALS", "Refusals", "RefusedRow", "TableError", "TableFile", "TableRead", "open_table", "read_table"]
