"""案头各版的表 · The tables of the desk, release by release: `versions` holds one file for each step, and how to go back."""
