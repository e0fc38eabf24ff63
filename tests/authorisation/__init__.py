"""Who may do and read what: tables written apart from the code, and what holds the product to them.

`actes.csv` says of each act in which roles it is given, and about what a role may be held for it,
besides everything. `etapes.csv` says of each stage of the journeys in force whom it lets do what.
A lawyer can read them; whoever changes them changes who may do what.
"""
