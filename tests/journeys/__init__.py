"""Whole stories, through the real SDKs and the stand-ins over HTTP."""
