"""Telegram: cards as messages with inline keyboards, replies by swipe or by a forced reply."""
