"""Logs of telephony and routing platforms: one file a format, and what they share.

Two kinds of log: records, one a conversation (`amazon_connect`, `genesys_cloud`), and events, many a conversation (`asterisk`,
`freeswitch`, `twilio_taskrouter`), which `calls` gathers by call and folds into interactions.
"""
