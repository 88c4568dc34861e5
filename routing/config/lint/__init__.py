"""The linter: what is allowed in a file, but will surprise the person who wrote it. One small function a finding."""
