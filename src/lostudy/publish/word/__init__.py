"""Word documents that authors keep writing in: findings put in place, checked and refreshed."""
