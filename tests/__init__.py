"""The tests: a mirror of the code, and what looks at the whole."""
