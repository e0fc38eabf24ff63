"""Persons: found, answered, forgotten, and kept from coming back."""
