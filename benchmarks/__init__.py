"""Measures of speed, as ratios to a floor or a peer taken in turn in the same run."""
