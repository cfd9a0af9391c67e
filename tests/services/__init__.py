"""Real servers and a real browser for the tests, started once per run."""
