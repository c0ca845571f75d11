"""Gives the answers of a wave to others: SPSS, Stata, spreadsheets, a file for public use."""
