"""通道：把通知带出门 · Channels that bring notices out of the house: mail, and the robots of groups."""
