"""Takes in what a survey tool exported: recognised, mapped, checked, and written as the responses of a wave."""
