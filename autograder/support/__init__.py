"""Small things that all of the kit may use: errors, files, text, console, device, fonts."""
