"""An example of plug-in software that adds jtsec."""
