"""`python -m bot`: the `factdesk` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
