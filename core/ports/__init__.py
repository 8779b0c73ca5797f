"""What the core asks of the outside: chat platforms and marketplaces implement these."""
