"""各页 · The pages, a module each: what is asked of the region, and which template shows it."""
