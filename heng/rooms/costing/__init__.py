"""核算：从入账的一笔到科室全成本 · Costing: from a booked line to the full cost of a clinical department."""
