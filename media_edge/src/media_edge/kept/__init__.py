"""What outlives the call: recordings and reports."""
