"""The web door: what marketplaces post, and what an operator may ask."""
