"""Small parts that pages share: marks, tiles, charts, messages."""
