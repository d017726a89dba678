"""`python3 -m config.install install|uninstall|rollback|wheels`: what `make` calls by these names."""

import argparse
import os
import sys
from pathlib import Path

from . import program, switch, system_files
from .layout import CURRENT, InstallError, Layout
from .services import Services

EXIT_REFUSED = 2


def main() -> int:
    """Do one of them; 0 done, 2 refused with one line."""
    arguments = _arguments()
    os.umask(0o022)
    try:
        print(_do(arguments))
    except InstallError as error:
        print(f"hall-kiosk: {error}", file=sys.stderr)
        return EXIT_REFUSED
    except OSError as error:
        print(f"hall-kiosk: {error.filename or ''}: {error.strerror}; run this as root", file=sys.stderr)
        return EXIT_REFUSED
    return 0


def _do(arguments: argparse.Namespace) -> str:
    if arguments.what == "wheels":
        program.collect_wheels(arguments.wheels or Path("build/wheels"))
        return f"all that an installation needs is in {arguments.wheels or 'build/wheels'}"
    layout = Layout(arguments.destdir, arguments.prefix, arguments.configuration, arguments.stage_is_terminal)
    services = Services(layout, arguments.systemctl)
    match arguments.what:
        case "install":
            return _install(layout, services, arguments)
        case "rollback":
            return switch.roll_back(layout, services)
    return _uninstall(layout, services)


def _install(layout: Layout, services: Services, arguments: argparse.Namespace) -> str:
    is_first = layout.linked(CURRENT) is None
    version = arguments.built or program.build(layout, arguments.wheels)
    told = switch.switch(layout, services, version)
    services.set_up()
    is_new = system_files.install_settings(layout, version, arguments.profile)
    if is_first or is_new:
        told += f"; next: edit {layout.configuration}/terminal.toml, `kiosk-admin config check`, `systemctl start "
        told += "hall-kiosk.target`"
    return told


def _uninstall(layout: Layout, services: Services) -> str:
    services.take_down()
    system_files.uninstall(layout)
    switch.remove_versions(layout)
    services.forget()
    return (
        f"removed; settings and keys are left in {layout.configuration}, records in the storage directory that "
        "terminal.toml names (/var/lib/hall-kiosk), and the user kiosk is left"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m config.install")
    parser.add_argument("what", choices=["install", "uninstall", "rollback", "wheels"])
    parser.add_argument("--destdir", type=_directory, help="stage everything below this directory")
    parser.add_argument("--stage-is-terminal", action="store_true", help="upgrade also the records in the stage")
    parser.add_argument("--prefix", type=Path, default=Layout.prefix)
    parser.add_argument("--configuration", type=Path, default=Layout.configuration, metavar="DIR")
    parser.add_argument("--profile", choices=["window", "kiosk"], default="window", help="which terminal.toml is laid")
    parser.add_argument("--wheels", type=_directory, metavar="DIR", help="packages from here, not from the network")
    parser.add_argument("--built", metavar="VERSION", help="a version that lies in PREFIX/versions already")
    parser.add_argument("--systemctl", default="systemctl", help="empty: no service is touched")
    return parser.parse_args()


def _directory(text: str) -> Path | None:
    return Path(text).absolute() if text else None


if __name__ == "__main__":
    sys.exit(main())
