"""Pictures of a journey: an image, and the languages in which others draw and run it."""
