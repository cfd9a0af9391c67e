"""Rules: they read the sealed log as it grows, and raise alarms for what is unusual."""
