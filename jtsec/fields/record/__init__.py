"""Several fields of a row as one envelope, bound to that row (A6.3)."""
