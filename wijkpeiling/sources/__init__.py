"""What each wave is estimated from: published figures, microdata, or invented microdata."""
