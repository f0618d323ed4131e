"""maillint: a static-analysis linter for mail server configurations."""

__version__ = "0.1.0"
