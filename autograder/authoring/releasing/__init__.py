"""What students receive: the release, its versions, the wheel and the kit."""
