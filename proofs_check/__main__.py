"""`python -m early_alignment.proofs_check`: the command line, without the script `proofs-check` on the path."""

from .commands.application import main

if __name__ == "__main__":
    main()
