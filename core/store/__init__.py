"""The only code that speaks to Redis: its keys, its scripts, its connection and the server we bring along."""
