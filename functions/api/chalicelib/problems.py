"""What the API answers when it refuses: a stable code, the same sentence in both languages, sometimes a field."""

from typing import Any, Final

from chalice.app import ChaliceUnhandledError

from chalicelib.shapes import Bilingual, ClosedNow

MESSAGES: Final[dict[str, tuple[int, str, str]]] = {
    "json_invalid": (400, "请求内容不是有效的 JSON。", "The body is not valid JSON."),
    "key_missing": (400, "缺少 Idempotency-Key（UUID）。", "The header Idempotency-Key (a UUID) is missing."),
    "sign_in_first": (401, "请先登录。", "Sign in first."),
    "login_refused": (401, "账号或密码不正确。", "The log-in name or the password is not right."),
    "not_your_role": (403, "您的角色无权执行此操作。", "Your role may not do this."),
    "other_origin": (403, "请求来自其他站点，已拒绝。", "The request came from another site and was refused."),
    "not_found": (404, "没有找到。", "Not found."),
    "sound_gone": (404, "录音已过保存期，已删除。", "The recording was deleted: its time was over."),
    "method_not_allowed": (405, "此地址不支持该方法。", "This address does not know that method."),
    "offer_gone": (409, "来电已被接听或已取消。", "The offer was answered or withdrawn."),
    "contact_not_yours": (409, "该通话当前无法接入。", "The contact cannot be joined now."),
    "not_now": (409, "当前状态下不能执行此操作。", "Not possible in the present state."),
    "messages_open": (409, "请先完成或转出手上的消息。", "Finish your messages or hand them on first."),
    "contact_sealed": (409, "该通话端到端加密，仅限双方参与。", "This call is sealed end to end for its two parties."),
    "seal_needed": (
        409,
        "此事项的网络通话须端到端加密，您的浏览器不支持；请更新浏览器或改用电话。",
        "Calls about this matter are sealed end to end, which this browser cannot; update it, or call by phone.",
    ),
    "agent_not_free": (409, "该坐席当前无法接听，请另选一位。", "This agent cannot answer now; choose another."),
    "finish_offer_first": (409, "请先接听或拒绝来电。", "Answer or decline the offer first."),
    "not_enlisted": (409, "该账号不是坐席。", "This account is not enlisted as an agent."),
    "message_taken": (409, "这条留言已由其他坐席接手。", "Another agent took this message."),
    "sound_not_ready": (409, "录音还在取回，请稍后再试。", "The sound is still being fetched; try again in a moment."),
    "stale_version": (409, "内容已被更改，请刷新后重试。", "It was changed meanwhile; read it again."),
    "watched_enough": (409, "已有足够的班长在此通话中。", "As many supervisors as may be are on this call."),
    "watch_not_joined": (409, "尚未接入该通话的声音。", "The sound of this call is not joined yet."),
    "closed_now": (409, "现在不在服务时间。", "We are closed at the moment."),
    "in_progress": (409, "相同请求正在处理。", "The same request is being worked on."),
    "body_too_large": (413, "请求内容过大。", "The body is too large."),
    "type_not_json": (415, "请使用 application/json。", "Send application/json."),
    "field_invalid": (422, "字段无效。", "A field is not valid."),
    "fields_missing": (422, "必填字段未填写。", "Required fields are missing."),
    "key_reused": (422, "Idempotency-Key 已用于其他请求。", "The Idempotency-Key was used for another request."),
    "too_many_tries": (429, "尝试次数过多，请稍后再试。", "Too many tries; come back later."),
    "too_often": (429, "请求过于频繁，请稍后再试。", "Too many requests; come back later."),
    "internal": (500, "系统内部错误。", "Something went wrong on our side."),
    "not_configured": (503, "系统尚未配置。", "The company is not configured yet."),
    "try_again": (503, "系统繁忙，请重试。", "Busy at the moment; try again."),
    "edge_unreachable": (503, "语音节点暂时无法连接。", "The media edge cannot be reached at the moment."),
}


class ProblemError(ChaliceUnhandledError):
    """A refusal with its ``code``; Chalice lets it through to the border."""

    def __init__(
        self,
        code: str,
        *,
        field: str = "",
        expected: Bilingual | None = None,
        missing: list[str] | None = None,
        after: int = 0,
        published: dict[str, Any] | None = None,
        closed: ClosedNow | None = None,
        says: Bilingual | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.expected = expected
        self.missing = missing
        self.published = published
        self.closed = closed
        self.says = says
        self.after = after

    @property
    def status(self) -> int:
        return MESSAGES[self.code][0]

    def body(self) -> dict[str, Any]:
        _, zh, en = MESSAGES[self.code]
        body: dict[str, Any] = {"code": self.code, "message": {"zh": zh, "en": en}}
        if self.says is not None:  # more than the code alone can say
            body["message"] = self.says.model_dump()
        if self.field:
            body["field"] = self.field
        if self.expected is not None:
            body["expected"] = self.expected.model_dump()
        if self.missing is not None:
            body["missing"] = self.missing
        if self.published is not None:
            body["published"] = self.published
        if self.closed is not None:
            body["closed"] = self.closed.model_dump()
        return body

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.after)} if self.after else {}
