"""For notebooks and lessons: calibration, replicates, a test of independence, max-T. No edition reaches them."""
