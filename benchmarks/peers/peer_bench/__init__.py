"""Compares stream-detect with other inference engines on the same weights, in the same run."""
