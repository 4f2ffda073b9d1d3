"""What would have fitted, in both languages, from what pydantic found wrong."""

from typing import Final

from pydantic_core import ErrorDetails

from chalicelib.shapes import Bilingual

FITS: Final[dict[str, tuple[str, str]]] = {
    "missing": ("必须填写", "a value: it is missing"),
    "extra_forbidden": ("没有这一字段", "no such field"),
    "string_type": ("文字", "text"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("符合格式的文字", "text of the form {pattern}"),
    "int_type": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "greater_than_equal": ("不小于 {ge}", "{ge} or more"),
    "less_than_equal": ("不大于 {le}", "{le} or less"),
    "less_than": ("小于 {lt}", "less than {lt}"),
    "bool_type": ("true 或 false", "true or false"),
    "list_type": ("列表", "a list"),
    "dict_type": ("对象", "an object"),
    "model_type": ("对象", "an object"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} entries"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} entries"),
    "literal_error": ("以下之一：{expected}", "one of {expected}"),
}


def expected(error: ErrorDetails) -> Bilingual | None:
    """None for the rare kind that nobody has words for."""
    words = FITS.get(error["type"])
    if words is None:
        return None
    zh, en = (text.format_map(error.get("ctx", {})) for text in words)
    return Bilingual(zh=zh, en=en)
