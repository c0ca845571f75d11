"""Charts as data, drawn at any size in any style: one function per kind."""
