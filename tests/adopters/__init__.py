"""Other people's projects and suites, run with jtsec."""
