"""Which submissions are alike after renaming and reformatting: a hint for a person."""
