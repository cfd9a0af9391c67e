"""Django's MySQL backend, connecting as the account that is in force."""
