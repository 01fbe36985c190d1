"""The demonstration: an invented county that runs the main job without a key or a network."""

from data.demonstration.loading import PASSWORD, is_demonstration, load
from data.demonstration.serving import begin, catch_up

__all__ = ["PASSWORD", "begin", "catch_up", "is_demonstration", "load"]
