"""A small, faithful Twilio on this machine: signed webhooks, TwiML, REST and Media Streams."""
