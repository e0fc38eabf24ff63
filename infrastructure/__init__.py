"""How it is stored and reached."""
