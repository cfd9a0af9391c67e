"""
The measurements of docs/explanation/performance.md; run by `make bench`.

What is compared runs side by side in one run, round by round, so that a busy moment of
the machine strikes all alike. A ratio is the median of the ratios of each round. Speed
is shown here and never asserted in a test.
"""
