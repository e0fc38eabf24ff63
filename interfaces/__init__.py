"""How people and programs get in."""
