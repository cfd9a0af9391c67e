"""Reports of the audit: what happened in a day, a month, or against the system."""
