"""What is wrong with a field, in Vietnamese, by pydantic's error type. Pydantic's own texts are
English.
"""

from typing import Any

_VI = {
    "missing": "Thiếu trường này.",
    "extra_forbidden": "Không có trường này.",
    "string_type": "Phải là chuỗi ký tự.",
    "string_too_short": "Phải có ít nhất {min_length} ký tự.",
    "string_too_long": "Không được quá {max_length} ký tự.",
    "string_pattern_mismatch": "Không đúng định dạng.",
    "too_short": "Phải có ít nhất {min_length} mục.",
    "too_long": "Không được quá {max_length} mục.",
    "int_type": "Phải là số nguyên.",
    "int_parsing": "Phải là số nguyên.",
    "int_from_float": "Phải là số nguyên.",
    "float_parsing": "Phải là số.",
    "float_type": "Phải là số.",
    "bool_parsing": "Phải là true hoặc false.",
    "bool_type": "Phải là true hoặc false.",
    "greater_than": "Phải lớn hơn {gt}.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than": "Phải nhỏ hơn {lt}.",
    "less_than_equal": "Không được quá {le}.",
    "uuid_parsing": "Phải là một UUID.",
    "uuid_type": "Phải là một UUID.",
    "datetime_parsing": "Phải là thời điểm theo ISO 8601.",
    "datetime_from_date_parsing": "Phải là thời điểm theo ISO 8601.",
    "datetime_type": "Phải là thời điểm theo ISO 8601.",
    "timezone_aware": "Phải có múi giờ.",
    "date_parsing": "Phải là ngày theo ISO 8601.",
    "date_from_datetime_parsing": "Phải là ngày theo ISO 8601.",
    "enum": "Phải là một trong: {expected}.",
    "literal_error": "Phải là một trong: {expected}.",
    "list_type": "Phải là danh sách.",
    "dict_type": "Phải là đối tượng.",
    "model_type": "Phải là đối tượng.",
    "model_attributes_type": "Phải là đối tượng.",
    "json_invalid": "Không phải JSON hợp lệ.",
}


def vietnamese(kind: str, context: dict[str, Any] | None) -> str:
    """The sentence for that error type, or a general sentence."""
    template = _VI.get(kind)
    if template is None:
        return "Giá trị không hợp lệ."
    return template.format_map({key: str(value) for key, value in (context or {}).items()})
