"""One reader for each kind of file that a survey tool writes: cells as they stand, and what was met in reading."""
