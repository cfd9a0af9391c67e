"""What every control stands on: settings, request context, clock, source, errors."""
