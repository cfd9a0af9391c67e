"""The app of the one model whose saving is measured."""
