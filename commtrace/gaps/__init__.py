"""The gap rules: one file is one rule; `run` runs them; files that begin with `_` are shared."""
