"""Letters to those who have accounts: composed, handed to a mail server or to a folder."""
