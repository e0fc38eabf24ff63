"""The journal: every event, in one total order, with its leaf in the same row and transaction."""
