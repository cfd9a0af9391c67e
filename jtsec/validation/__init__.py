"""Formats of what people type: identifiers of persons, organisations, plain text."""
