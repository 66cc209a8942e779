"""Damage of every kind, done to a fictional project, and what the real program makes of it: ``make torture``."""
