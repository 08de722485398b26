"""算法 · Pure arithmetic on arrays; knows no hospital, reads no clock, disk or network."""
