"""The report: assembled from executed notebooks, rendered in every format from one model."""
