"""Masked values: what a model declares, how its rows are shown, who sees them clear."""
