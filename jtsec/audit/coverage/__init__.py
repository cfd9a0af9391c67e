"""Records what happens without a line for each event: models, functions, attacks."""
