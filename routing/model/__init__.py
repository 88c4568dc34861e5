"""The nouns of routing: frozen records without behaviour beyond what their own fields decide."""
