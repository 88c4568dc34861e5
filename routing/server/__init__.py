"""The shell around one router: gRPC in front, a durable journal behind, one writer between them."""
