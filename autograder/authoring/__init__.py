"""What staff do to an assignment: release, audit, calibration, demo."""
