"""装入文件的上限：内存有界 · The most that intake takes in, so that a hostile file meets a refusal and not the machine's end.

Excel's own limits are 1,048,576 rows × 16,384 columns. Text and Parquet are read in pieces, so a year of charge lines
takes the memory of a piece; what is read whole (workbooks, pages) has the tighter limits.
"""

FILE_BYTES = 512 * 2**20
"""最大文件 · The largest file on disk that is read whole."""
STREAM_BYTES = 64 * 2**30
"""分块读的最大文件 · The largest file on disk that is read in pieces."""
STREAM_ROWS = 500_000_000
"""分块读的最多行 · The most rows of a file that is read in pieces: a few bytes of Parquet can stand for any number."""
BLOCK = 4 * 2**20
"""一次读入的字节 · Bytes of a text file that are read at a time."""
PIECE_ROWS = 250_000
"""一块的行 · Rows of a piece: what is checked and written at a time."""
PIECE_CELLS = 10_000_000
"""一块的单元格 · Cells of a piece, which has fewer rows when the sheet is wide."""
PIECE_BYTES = 2**30
"""一块的文字 · Bytes of text in a piece of Parquet, which packs a text that repeats into next to nothing."""
BAD_ROWS = 1_000_000
"""最多退回的行 · Rows that are sent back; a sheet for Excel holds no more, and a file with more needs another export."""
FINDINGS = 1_000
"""一种问题逐行列出的行 · Rows that are listed for one problem of one column; beyond them the rest is counted."""
REMEMBERED = 30_000_000
"""查重记得的行 · Rows of a file in pieces that are remembered (8 bytes each) to find those that repeat them."""
JSON_BYTES = 128 * 2**20
"""最大的 JSON · Settlement lists in JSON, which are read whole and take ten times their size in memory."""
UNPACKED_BYTES = 2**30
"""解压后合计 · All members of a workbook together, unpacked (200,000 rows × 10 columns are about 0.1 GiB)."""
RATIO = 250
"""压缩比 · Unpacked over packed, above which a big member is a bomb; deflate ends at 1,032, honest sheets near 20."""
RATIO_FROM = 64 * 2**20
"""小成员不看压缩比 · Members smaller than this may repeat themselves as much as they like."""
MEMBERS = 10_000
"""压缩包成员数 · Members of a workbook."""
CELLS = 40_000_000
"""单元格 · Cells of the rectangle that holds a sheet or a block of text, which the reader keeps in memory whole."""
TEXT_CELLS = 10_000_000
"""网页单元格 · Cells of a page, which are read one by one."""
COLUMNS = 1_000
"""列 · Columns of a sheet; the widest known, discharge records of the national assessment, has some 750."""
LINE = 1_000_000
"""一行文本的字符 · Characters of one line of text."""
SHEETS = 200
"""工作表 · Sheets of a workbook, tables of a page."""
HEADER_ROWS = 30
"""表头在前几行内 · The header is looked for in this many rows."""
