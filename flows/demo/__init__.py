"""The demo press: a dozen invented outlets on loopback, and the truth about what they print."""
