"""Who is logged in, from where, for how long, and how many at once."""
