"""Policies: for whom what is recorded, what raises an alarm, and from when on."""
