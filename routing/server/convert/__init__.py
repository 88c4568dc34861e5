"""Between the wire's messages and the core's records. Whatever comes in is checked here before the core sees it."""
