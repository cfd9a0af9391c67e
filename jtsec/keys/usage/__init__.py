"""How often each key was used, over all processes."""
