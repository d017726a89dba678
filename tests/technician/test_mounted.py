"""What is plugged in and mounted, as the system lists it."""

from pathlib import Path

import pytest

from kiosk_app.technician.mounted import MOUNTS_FILE, mounted_places
from kiosk_app.technician.own_addresses import own_addresses

MEDIA = Path("/media")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/dev/sdb1 /media/stick vfat rw,nosuid 0 0", ["/media/stick"]),
        ("/dev/sdb1 /media/user/My\\040Stick vfat rw 0 0", ["/media/user/My Stick"]),
        ("/dev/sdb1 /media/back\\134slash vfat rw 0 0", ["/media/back\\slash"]),
        ("/dev/sdb1 /media vfat rw 0 0", ["/media"]),
        ("/dev/sr0 /media/cdrom iso9660 ro,nosuid 0 0", []),
        ("/dev/sda1 / ext4 rw 0 0", []),
        ("/dev/sda1 /mediathek ext4 rw 0 0", []),
        ("/dev/sdb1 /media/stick", []),
        ("", []),
    ],
)
def test_places_below_the_roots_that_can_be_written(tmp_path: Path, line: str, found: list[str]) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"proc /proc proc rw 0 0\n{line}\n", encoding="utf-8")
    assert [str(place) for place in mounted_places(mounts, [MEDIA])] == found


def test_the_real_list_can_be_read() -> None:
    assert Path("/proc") in mounted_places(MOUNTS_FILE, [Path("/proc")])


def test_this_machines_addresses_are_told_without_its_own_loop() -> None:
    for told in own_addresses():
        name, address = told.split(" ")
        assert name
        assert len(address.split(".")) == 4
        assert not address.startswith("127.")
