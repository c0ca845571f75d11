"""Running the notebooks and building an edition from them."""
