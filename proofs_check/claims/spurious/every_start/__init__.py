"""Claims about networks of every width and every small start (theory.md 9); their ids are `spurious.NAME`."""
