"""Sample material for the demo and the tests: articles, people, past fact-checks, rumours. See README.md here."""
