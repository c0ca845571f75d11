"""Takes a questionnaire to the field: a new wave, survey tools, the frame, invitations."""
