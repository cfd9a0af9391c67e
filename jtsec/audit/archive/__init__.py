"""Takes old events out of the database into sealed files, and back (A5.9)."""
