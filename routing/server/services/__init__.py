"""The three services of the wire: thin, each call a conversion, a turn of the writer, and a conversion back."""
