"""监测与预警 · Steering: watched figures, signals with their causes, and how far they can be relied on."""
