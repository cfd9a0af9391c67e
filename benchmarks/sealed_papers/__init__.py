"""The app of two models that differ in one thing: the second is sealed."""
