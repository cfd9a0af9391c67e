"""Data drawn from the platform: only what is declared, and never what is forbidden."""
