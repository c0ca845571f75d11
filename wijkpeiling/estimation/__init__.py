"""Shares, intervals and changes for a finite population of municipalities."""
