"""The wire: messages and services generated from proto/routing/v1. Never edited by hand."""
