"""What the company chose: its name, what customers call about, its queues, reasons and wrap-up codes."""
