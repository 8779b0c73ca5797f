"""The seller's world as data and pure functions: no input, no output, standard library only."""
