"""What is known: records, states, search, audit, outbox. The only floor with SQL."""
