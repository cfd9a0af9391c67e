"""Health: whether the database still is what the project's migrations make."""
