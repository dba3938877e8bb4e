"""As received: what the source systems send, kept byte for byte."""
