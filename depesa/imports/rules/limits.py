"""How big a file, a row and a document may be."""

from decimal import Decimal

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 200 * MEGABYTE
MAX_UNPACKED_BYTES = 1024 * MEGABYTE
MAX_RATIO = 200
"""A packed file that grows more than this, once past FREE_UNPACKED_BYTES, is a bomb (a sales file: 10)."""
FREE_UNPACKED_BYTES = 20 * MEGABYTE
MAX_SHARED_STRINGS_BYTES = 64 * MEGABYTE
MAX_CELLS = 20_000_000
MAX_COLUMNS = 200
MAX_CELL_LENGTH = 4_000
MAX_ROW_LINES = 50
"""A quoted cell that runs over more lines than this was never closed."""
MAX_DOCUMENT_LINES = 10_000

MAX_QUANTITY = Decimal(10_000_000)
MAX_UNIT_PRICE = Decimal(1_000_000_000)
MAX_AMOUNT = Decimal(1_000_000_000_000)
MAX_PROBLEMS = 100
"""So many broken lines of one document are listed; the document is refused with the first."""
