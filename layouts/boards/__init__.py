"""Boards of the wallboard beside the main one, each with its chart."""
