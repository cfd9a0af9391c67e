"""What every test of jtsec may use."""
