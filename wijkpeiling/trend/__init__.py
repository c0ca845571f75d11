"""Change against the baseline and trend over the waves: tests, families of tests, and words for a result."""
