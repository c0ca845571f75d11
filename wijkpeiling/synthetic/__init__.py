"""Answers of municipalities that do not exist, fitted to what was published about the real ones."""
