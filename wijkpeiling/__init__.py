"""Replicates the survey of Dutch neighbourhood teams, wave after wave."""
