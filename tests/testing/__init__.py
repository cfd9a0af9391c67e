"""Tests of `jtsec.testing`."""
