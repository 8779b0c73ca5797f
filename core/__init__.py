"""Shopbell's shared core: what every chat platform and marketplace builds on."""
