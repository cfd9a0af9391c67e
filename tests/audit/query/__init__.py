"""Tests of the audit's queries."""
