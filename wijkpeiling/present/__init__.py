"""Sentences, tables and figures that show themselves in a notebook and carry the report in their output."""
