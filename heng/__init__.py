"""衡：把成本与质量放在同一杆秤上 · Heng weighs cost against quality for a hospital or a region of hospitals."""

__version__ = "0.1.0"
