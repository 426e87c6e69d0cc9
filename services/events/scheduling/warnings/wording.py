"""The kinds of warnings: how severe each is, and its message in both languages."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """The most severe first."""

    ERROR = "error"  # the plan is impossible
    WARNING = "warning"  # it is likely to cause trouble
    NOTE = "note"  # something is still missing


class WarningCode(StrEnum):
    ROOM_OVERLAP = "room_overlap"
    ROOM_CHANGEOVER = "room_changeover"
    ROOM_UNKNOWN = "room_unknown"
    ROOM_MISSING = "room_missing"
    PLACE_BLOCKED = "place_blocked"
    OUTSIDE_OPENING_HOURS = "outside_opening_hours"
    OVER_FIRE_CAPACITY = "over_fire_capacity"
    OVER_ROOM_CAPACITY = "over_room_capacity"
    OVER_VENUE_CAPACITY = "over_venue_capacity"
    PERSON_OVERLAP = "person_overlap"
    PERSON_UNAVAILABLE = "person_unavailable"
    TRAVEL_TOO_SHORT = "travel_too_short"
    OUTSIDE_EDITION = "outside_edition"
    REGISTRATION_CLOSES_LATE = "registration_closes_late"
    HOST_MISSING = "host_missing"
    TITLE_EN_MISSING = "title_en_missing"
    ABOUT_MISSING = "about_missing"
    ABOUT_EN_MISSING = "about_en_missing"


class WarningText(NamedTuple):
    """A message. Its braces are filled with the warning's facts, and with titles and names."""

    severity: Severity
    vi: str
    en: str


MESSAGES = {
    WarningCode.ROOM_OVERLAP: WarningText(
        Severity.ERROR,
        "“{title}” và “{other}” cùng ở {place} trong {minutes} phút.",
        "“{title}” and “{other}” are both in {place} for {minutes} minutes.",
    ),
    WarningCode.ROOM_CHANGEOVER: WarningText(
        Severity.WARNING,
        "Giữa “{other}” và “{title}” ở {place} thiếu {minutes} phút để dọn dẹp và chuẩn bị.",
        "Between “{other}” and “{title}” in {place}, there are {minutes} minutes too few to"
        " clear the room and to set up.",
    ),
    WarningCode.ROOM_UNKNOWN: WarningText(
        Severity.ERROR,
        "Phòng đã chọn cho “{title}” không có ở {place}.",
        "The room chosen for “{title}” is not one of {place}.",
    ),
    WarningCode.ROOM_MISSING: WarningText(
        Severity.NOTE,
        "“{title}” chưa chọn phòng ở {place}.",
        "No room is chosen yet for “{title}” in {place}.",
    ),
    WarningCode.PLACE_BLOCKED: WarningText(
        Severity.ERROR,
        "{place} không dùng được cho “{title}” trong {minutes} phút: {reason}.",
        "{place} cannot be used for “{title}” for {minutes} minutes: {reason}.",
    ),
    WarningCode.OUTSIDE_OPENING_HOURS: WarningText(
        Severity.WARNING,
        "“{title}” nằm ngoài giờ mở cửa của {place} trong {minutes} phút.",
        "“{title}” is outside the opening hours of {place} for {minutes} minutes.",
    ),
    WarningCode.OVER_FIRE_CAPACITY: WarningText(
        Severity.ERROR,
        "“{title}” có {capacity} chỗ; quy định phòng cháy ở {place} chỉ cho phép {limit} người.",
        "“{title}” has {capacity} seats; fire safety allows {limit} people in {place}.",
    ),
    WarningCode.OVER_ROOM_CAPACITY: WarningText(
        Severity.WARNING,
        "“{title}” có {capacity} chỗ; {place} chỉ có {limit}.",
        "“{title}” has {capacity} seats; {place} has only {limit}.",
    ),
    WarningCode.OVER_VENUE_CAPACITY: WarningText(
        Severity.WARNING,
        "“{title}” có {capacity} chỗ; {place} chỉ chứa {limit} người.",
        "“{title}” has {capacity} seats; {place} holds only {limit} people.",
    ),
    WarningCode.PERSON_OVERLAP: WarningText(
        Severity.ERROR,
        "Một người phải có mặt cùng lúc ở “{other}” và “{title}” trong {minutes} phút.",
        "Somebody has to be at “{other}” and at “{title}” at the same time, for {minutes} minutes.",
    ),
    WarningCode.PERSON_UNAVAILABLE: WarningText(
        Severity.WARNING,
        "Có người tham gia “{title}” vắng mặt trong {minutes} phút của buổi đó.",
        "Somebody who takes part in “{title}” is not available for {minutes} minutes of it.",
    ),
    WarningCode.TRAVEL_TOO_SHORT: WarningText(
        Severity.WARNING,
        "Đi từ “{other}” đến “{title}” mất {needed} phút: thiếu {minutes} phút.",
        "Getting from “{other}” to “{title}” takes {needed} minutes: {minutes} too many.",
    ),
    WarningCode.OUTSIDE_EDITION: WarningText(
        Severity.WARNING,
        "“{title}” nằm ngoài những ngày của mùa lễ hội ({first_day} – {last_day}).",
        "“{title}” is outside the days of the edition ({first_day} – {last_day}).",
    ),
    WarningCode.REGISTRATION_CLOSES_LATE: WarningText(
        Severity.NOTE,
        "Đăng ký “{title}” đóng sau giờ bắt đầu {minutes} phút.",
        "Registration for “{title}” closes {minutes} minutes after it begins.",
    ),
    WarningCode.HOST_MISSING: WarningText(
        Severity.WARNING,
        "“{title}” chưa có ai phụ trách hay diễn thuyết.",
        "“{title}” has no host or speaker yet.",
    ),
    WarningCode.TITLE_EN_MISSING: WarningText(
        Severity.NOTE,
        "“{title}” chưa có tên tiếng Anh.",
        "“{title}” has no English title yet.",
    ),
    WarningCode.ABOUT_MISSING: WarningText(
        Severity.NOTE,
        "“{title}” chưa có phần giới thiệu.",
        "“{title}” has no description yet.",
    ),
    WarningCode.ABOUT_EN_MISSING: WarningText(
        Severity.NOTE,
        "“{title}” chưa có phần giới thiệu bằng tiếng Anh.",
        "“{title}” has no English description yet.",
    ),
}
