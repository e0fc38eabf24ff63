"""How people and programs get in: passwords, links, sessions, tokens; secrets are kept hashed."""
