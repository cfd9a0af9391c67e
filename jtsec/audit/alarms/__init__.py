"""Alarms: what somebody must look at, who does, what came of it, and who is told."""
