"""``python -m convlab``: the command, where its script is not on PATH."""

from convlab.commands import main

if __name__ == "__main__":
    main(prog_name="convlab")
