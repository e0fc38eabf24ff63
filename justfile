# What CI runs, in the same order. `just` is in the development environment: .venv/bin/just check
python := ".venv/bin/python"

# Format, lint, types, imports, tests.
check: format lint types imports test

format:
    .venv/bin/ruff format --check .

lint:
    .venv/bin/ruff check .

types:
    .venv/bin/mypy

imports:
    .venv/bin/lint-imports

test *options:
    {{python}} run.py test {{options}}

# One concept, from top to bottom.
slice concept:
    @ls domain/{{concept}}.py application/{{concept}}.py infrastructure/*/{{concept}}.py interfaces/*/{{concept}}.py 2>/dev/null || true

# The measures, as JSON.
bench:
    {{python}} -m benchmarks.append
    {{python}} -m benchmarks.replay
    {{python}} -m benchmarks.engine
    {{python}} -m benchmarks.backtest
    {{python}} -m benchmarks.document
    {{python}} -m benchmarks.command
    {{python}} -m benchmarks.verify
    {{python}} -m benchmarks.blame
    {{python}} -m benchmarks.lists

# Write again what docs/reference derives from the code.
reference:
    {{python}} -m tests.reference
