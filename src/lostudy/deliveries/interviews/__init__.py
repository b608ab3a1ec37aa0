"""The room 'interviews' of lostudy."""
