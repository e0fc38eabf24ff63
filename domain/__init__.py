"""What is true and what is allowed: aggregates, their events, journeys, time and proof."""
