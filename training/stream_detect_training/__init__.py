"""Trains the detectors that stream-detect runs: MobileNetV2 with SSDLite heads."""
