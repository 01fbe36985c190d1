"""The reports: figures of whole local days, over roll-ups and turns, to METRICS.md."""
