"""The tests of jtsec, one folder per package of it."""
