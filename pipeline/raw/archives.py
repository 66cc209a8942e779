"""Archives whose bytes depend on what is in them alone: the same files always give the same archive."""

import io
import zipfile
from collections.abc import Mapping

UNIX = 3
"""The system that archives name: Windows would write another number."""
Moment = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute and second; 1980 at the earliest."""


def zip_bytes(members: Mapping[str, bytes], moment: Moment, stored: tuple[str, ...] = ()) -> bytes:
    """An archive of ``members``, the content of each by its name, in this order.

    Args:
        moment: the time that it gives for each. ``stored``: endings of members that are compressed already.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            member = member_at(name, moment)
            member.compress_type = zipfile.ZIP_STORED if stored and name.endswith(stored) else zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return content.getvalue()


def member_at(name: str, moment: Moment) -> zipfile.ZipInfo:
    """What an archive says of a member: compressed, of a fixed time, readable by all."""
    member = zipfile.ZipInfo(name, moment)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system, member.external_attr = UNIX, 0o644 << 16
    return member
