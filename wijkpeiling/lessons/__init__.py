"""Lessons of ``notebooks/verkennen``: what they show, what can be moved, and exercises that check themselves."""
