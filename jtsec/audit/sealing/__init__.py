"""Seals what was recorded: checkpoints over Merkle trees, signed and anchored."""
