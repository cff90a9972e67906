"""The front: requests and replies, who asks, how often, and what each of them costs."""
