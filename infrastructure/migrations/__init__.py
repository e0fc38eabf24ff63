"""The schema of the store, version after version. Alembic owns every table."""
