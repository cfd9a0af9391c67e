"""Functions that the tests of the interfaces use, declared once a process."""

from __future__ import annotations

from jtsec.access.api import function

READ = "resttest.read_thing"
WRITE = "resttest.write_thing"
POLICE = "resttest.read_secret"

function(READ, by_duty=True)
function(WRITE, duty="security", by_duty=True)
function(POLICE, by_duty=True, police_only=True)
