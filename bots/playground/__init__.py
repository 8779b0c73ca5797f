"""Stand-ins for Slack, Telegram and a marketplace, spoken to over HTTP by the real adapters."""
