"""标准：科室、科目与数据质量 · Standards: departments, cost subjects and data quality."""
