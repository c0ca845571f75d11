"""What a wave asks: its questionnaire, read and checked."""
