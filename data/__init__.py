"""Everything that touches a database session, a network, a clock or a file."""
