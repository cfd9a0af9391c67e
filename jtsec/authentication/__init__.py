"""Who may enter: passwords, lockout, restrictions, and the last-login notice."""
