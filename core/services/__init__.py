"""Use cases: one async function each, taking `deps`."""
