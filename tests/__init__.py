"""The tests mirror the packages; builders and strategies that several rooms share stand beside this file."""
