"""The files a user writes: how they are read, checked and refused with a message a person can act on."""
