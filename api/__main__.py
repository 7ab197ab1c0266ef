"""`python -m early_alignment`: the command line, without the script `proofs-check` on the path."""

from early_alignment.proofs_check.commands.application import main

if __name__ == "__main__":
    main()
