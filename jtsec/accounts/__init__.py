"""Accounts from first to last: asked for, reviewed every quarter, put out of use."""
