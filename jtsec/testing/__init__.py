"""Support for the tests of projects that use jtsec; does nothing outside of a run."""
