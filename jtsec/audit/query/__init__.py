"""Finding, counting and taking out what the audit holds (clause A5.10)."""
