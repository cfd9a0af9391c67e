"""Security controls for traffic-police plug-in software, as one Django app."""

__version__ = "0.1.0"
