"""The program as it is served, with its live hub and without pollers: ``python -m tests.live_server`` with the usual
settings in the environment. Nothing is collected, so that a test decides what changes and when.
"""

from app import create_app
from callbacks.house import KEY
from callbacks.serving import Program

if __name__ == "__main__":
    server = create_app()
    house = server.extensions[KEY]
    Program(server, house.settings, [house.hub]).run()
