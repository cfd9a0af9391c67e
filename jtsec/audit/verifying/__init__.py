"""Holds the whole log against its checkpoints, its keys and its anchors (A5.8)."""
