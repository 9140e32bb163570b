"""Rows become marks once; the screen and the paper draw the same geometry."""
