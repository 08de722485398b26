"""装入文件的上限：内存有界 · The most that intake takes in, so that a hostile file meets a refusal and not the machine's end.

Excel's own limits are 1,048,576 rows × 16,384 columns; a hospital's year of charge lines stays far below these.
"""

FILE_BYTES = 512 * 2**20
"""最大文件 · The largest file on disk."""
UNPACKED_BYTES = 2**30
"""解压后合计 · All members of a workbook together, unpacked (200,000 rows × 10 columns are about 0.1 GiB)."""
RATIO = 250
"""压缩比 · Unpacked over packed, above which a big member is a bomb; deflate ends at 1,032, honest sheets near 20."""
RATIO_FROM = 64 * 2**20
"""小成员不看压缩比 · Members smaller than this may repeat themselves as much as they like."""
MEMBERS = 10_000
"""压缩包成员数 · Members of a workbook."""
CELLS = 40_000_000
"""单元格 · Cells of the rectangle that holds a sheet, which the reader keeps in memory whole."""
TEXT_CELLS = 10_000_000
"""文本单元格 · Cells of a text file or a page, which are read one by one."""
COLUMNS = 1_000
"""列 · Columns of a sheet; no template has more than thirty."""
LINE = 1_000_000
"""一行文本的字符 · Characters of one line of text."""
SHEETS = 200
"""工作表 · Sheets of a workbook, tables of a page."""
HEADER_ROWS = 30
"""表头在前几行内 · The header is looked for in this many rows."""
