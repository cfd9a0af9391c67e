"""What is left behind: in the browser, in temporary files, on decommissioning."""
