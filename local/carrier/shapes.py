"""Calls and messages in the form Twilio's REST interface answers with."""

from typing import Any

from local.carrier.exchange import Message
from local.carrier.model import API_VERSION, Call, rfc2822


def call_json(call: Call) -> dict[str, Any]:
    """A call resource. ``initiated`` is a callback's word, the resource says queued."""
    uri = f"/{API_VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        **dict.fromkeys(
            ("annotation", "answered_by", "caller_name", "forwarded_from", "group_sid", "price", "trunk_sid")
        ),
        "account_sid": call.account_sid,
        "api_version": API_VERSION,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.ended or call.answered or call.created),
        "direction": call.direction,
        "duration": str(call.seconds) if call.ended else None,
        "end_time": rfc2822(call.ended),
        "from": call.from_,
        "from_formatted": call.from_,
        "parent_call_sid": call.parent_sid or None,
        "phone_number_sid": "",
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.answered),
        "status": "queued" if call.status == "initiated" else call.status,
        "subresource_uris": {"recordings": uri + "/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "uri": uri + ".json",
    }


def message_json(message: Message, account_sid: str) -> dict[str, Any]:
    """A message resource."""
    return {
        **dict.fromkeys(("error_code", "error_message", "messaging_service_sid", "price")),
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.created),
        "date_updated": rfc2822(message.created),
        "direction": "outbound-api",
        "from": message.from_,
        "num_media": "0",
        "num_segments": "1",
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {},
        "to": message.to,
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}.json",
    }
