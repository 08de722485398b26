"""分组：由病组方案的规则把病例分到组 · Grouping: from the rules of a grouping scheme to the group of a case."""
