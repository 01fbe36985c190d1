"""What each page shows, one module per page: read only, from one consistent picture, handed on as snapshots."""
