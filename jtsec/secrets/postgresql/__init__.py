"""Django's PostgreSQL backend, connecting as the account that is in force."""
