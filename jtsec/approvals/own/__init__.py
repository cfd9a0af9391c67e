"""The kinds of application for jtsec's own dangerous acts."""
