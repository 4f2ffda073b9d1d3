"""What the edge answers when it refuses: a stable code, and a sentence in both languages."""

import json

MESSAGES = {
    "bad_request": ("请求格式不正确", "The request is malformed"),
    "bad_setup": ("该通话描述不受支持", "This session description is not supported"),
    "body_too_large": ("请求内容过大", "The request is too large"),
    "draining": ("该媒体节点即将停机，请使用其他节点", "This edge is shutting down; use another one"),
    "edge_full": ("该媒体节点已满，请使用其他节点", "This edge is full; use another one"),
    "ice_changed": ("网络连接已更新，请重新协商", "This is not the newest ICE session"),
    "if_match_missing": ("缺少 If-Match", "If-Match is needed"),
    "no_audio": ("没有音频", "There is no audio in the offer"),
    "no_fingerprint": ("缺少有效的证书指纹", "There is no usable certificate fingerprint"),
    "no_ice": ("缺少 ICE 凭据", "There are no ICE credentials"),
    "no_opus": ("浏览器未提供 Opus 编码", "The offer has no Opus"),
    "no_rtcp_mux": ("该通话描述不受支持", "RTP and RTCP must share a port"),
    "not_found": ("地址不存在", "There is nothing at this address"),
    "not_sdp": ("需要 application/sdp", "application/sdp is needed"),
    "not_sdpfrag": ("需要 application/trickle-ice-sdpfrag", "application/trickle-ice-sdpfrag is needed"),
    "room_full": ("该通话的参与方已满", "This call has no room for another party"),
    "room_sealed": ("该通话端到端加密，仅限双方参与", "This call is sealed end to end for its two parties"),
    "room_unknown": ("没有该通话", "There is no such call here"),
    "room_unsealed": ("该通话未加密，不能以加密方式加入", "This call is not sealed and cannot be joined as if it were"),
    "sdp_malformed": ("通话描述无法解析", "The session description cannot be read"),
    "session_unknown": ("没有该会话", "There is no such session"),
    "signature_refused": ("签名无效", "The signature is not valid"),
    "supervisor_unknown": ("该班长不在此通话中", "That supervisor is not on this call"),
    "too_many_streams": ("连接过多", "Too many streams"),
    "token_missing": ("缺少令牌", "A token is needed"),
    "token_refused": ("令牌无效", "The token is not valid"),
    "token_role": ("令牌不允许此操作", "The token does not allow this"),
    "token_used": ("令牌已被使用", "The token has been used"),
    "unexpected": ("内部错误", "Something went wrong here"),
}
ELSEWHERE = 503
"""``edge_full``, ``draining``: whoever gave the token is asked again, and names the next edge with a token for it."""
TOKEN_STATUS = {"token_role": 403}


def body(code: str) -> bytes:
    zh, en = MESSAGES.get(code, MESSAGES["unexpected"])
    return json.dumps({"code": code, "message": {"zh": zh, "en": en}}, ensure_ascii=False).encode()


def token_status(code: str) -> int:
    return TOKEN_STATUS.get(code, 401)
