"""The command line: `klantbeeld ...`. The commands stand in `commands.py`; each is a module of its own."""

import sys

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> None:
    """Run the command line and leave with its exit code: the entry point of the `klantbeeld` command."""
    import click

    from klantbeeld.cli.language import language_of
    from klantbeeld.cli.root import root

    if language_of() == "nl":
        from klantbeeld.cli.dutch import speak_dutch

        speak_dutch()
    try:
        code = root.main(prog_name="klantbeeld", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("\n")
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)
