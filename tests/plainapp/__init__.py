"""An adopter's small app, without migrations."""
