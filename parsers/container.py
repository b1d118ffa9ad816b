"""ZIP files (also .docx .xlsx .ofd): members read within limits, whatever the file says of itself."""

import io
import zipfile
import zlib
from typing import Final

from parsers.errors import Damaged, Encrypted, TooLarge

MAX_MEMBERS: Final = 20_000
MAX_MEMBER_BYTES: Final = 128 << 20
MAX_EXPANDED_BYTES: Final = 512 << 20

_ENTRY: Final = b"PK\x01\x02"
_ENTRY_BYTES: Final = 46       # what a list of members takes for each at least
_ENTRIES_SEEN: Final = 5 * MAX_MEMBERS   # stored archives inside have such lists too
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError,
                  RuntimeError, IndexError, OverflowError)
"""What the standard library raises over damaged archives, and over methods that it does not know."""


class Container:
    """The members of a ZIP file by name. All that is read counts toward one limit."""

    def __init__(self, data: bytes) -> None:
        """Opens the archive.

        Raises:
            Damaged: Its list of members cannot be read.
            TooLarge: It lists more members than an honest file has.
        """
        if len(data) > _ENTRIES_SEEN * _ENTRY_BYTES and data.count(_ENTRY) > _ENTRIES_SEEN:
            raise _too_many(data.count(_ENTRY))   # before the standard library makes an object of each
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise Damaged(f"the ZIP archive cannot be opened ({error}); get the file anew") from error
        if len(members) > MAX_MEMBERS:
            raise _too_many(len(members))
        self._left = MAX_EXPANDED_BYTES
        self.members: dict[str, zipfile.ZipInfo] = {
            member.filename: member for member in members
            if member.filename and not member.is_dir()
        }

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises:
            Damaged: There is no such member, or its bytes do not unpack.
            Encrypted: It wants a password.
            TooLarge: It, or all that was read so far, unpacks to more than an honest file holds.
        """
        member = self.members.get(name)
        if member is None:
            raise Damaged(f"the archive lacks its part {name}; get the file anew")
        if member.flag_bits & _ENCRYPTED:
            raise Encrypted(f"{name} in the archive is locked with a password; unlock it and give it again")
        limit = min(MAX_MEMBER_BYTES, self._left)
        try:
            with self._zip.open(member) as stream:
                data = stream.read(limit + 1)    # the size in the list may lie
        except _BROKEN as error:
            raise Damaged(f"{name} in the archive does not unpack ({error}); get the file anew") from error
        if len(data) > limit:
            raise TooLarge(f"{name} in the archive unpacks to more than {limit >> 20} MiB. Split it.")
        self._left -= len(data)
        return data


def _too_many(count: int) -> TooLarge:
    return TooLarge(f"an archive of {count:,} files; {MAX_MEMBERS:,} are read. Split it.")
