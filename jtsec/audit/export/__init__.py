"""Brings the audit to others in the police application-log form (A5.11, T9.1)."""
