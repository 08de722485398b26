"""出表：法定成本报表与任一表的 Excel、CSV · Excel: the statutory cost tables, and any table as xlsx or csv."""
