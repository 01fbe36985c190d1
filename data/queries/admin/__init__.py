"""Reading for the pages of administration: one module a tab."""
