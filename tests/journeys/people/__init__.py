"""What people come to do, walked through in a browser, in their words."""
