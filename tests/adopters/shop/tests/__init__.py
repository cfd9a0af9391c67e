"""The tests of the shop, which know nothing of jtsec."""
