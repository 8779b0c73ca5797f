"""Slack: cards as Block Kit, answers by modal and mention, over Socket Mode or signed HTTP."""
