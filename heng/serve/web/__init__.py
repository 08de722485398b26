"""页：网页 · The web: the region, its figures and its work as pages that people open."""
