"""From the deliveries of several organisations to the sentences of one essay."""
