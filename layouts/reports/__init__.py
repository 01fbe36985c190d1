"""The reports: one period picker, and figures that say what they mean. Each report is a module of this package."""
