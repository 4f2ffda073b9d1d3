"""Everything a caller is told, in Chinese and English."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Text:
    """One thing to say, in both languages; ``.of(lang)`` chooses, fields in braces are filled by name."""

    zh: str
    en: str

    def of(self, lang: str, **fields: object) -> str:
        return (self.en if lang == "en" else self.zh).format(**fields)


GREETING: Final = Text("您好，欢迎致电云杉宽带。", "Welcome to Spruce Broadband.")
MENU: Final = Text(
    "请直接说出您要办理的事情，或者按键选择：宽带断线请按1，账单与费用请按2，装机与移机请按3，套餐变更请按4，投诉与建议请按5，人工服务请按0。",
    "Please say what you are calling about, or press a key: 1 for an outage, 2 for billing, 3 for installation "
    "or moving, 4 to change your plan, 5 for complaints and suggestions, 0 for an operator.",
)
ENGLISH: Final = Text("需要英语服务请按9。", "For English, press 9.")
AGAIN: Final = Text("抱歉，我没有听清楚。", "Sorry, I did not catch that.")
TO_OPERATOR: Final = Text("我为您转接人工服务。", "I am putting you through to a person.")
UNDERSTOOD: Final = Text("好的，正在为您转接。", "Thank you, I am putting you through.")
NEXT: Final = Text("您是下一位，我们马上为您接通。", "You are next. We will be with you in a moment.")
POSITION: Final = Text(
    "您目前排在第{position}位，预计等待约{minutes}分钟。",
    "You are number {position} in line. The wait is about {minutes} minutes.",
)
LONG: Final = Text(
    "您目前排在第{position}位，预计等待超过{minutes}分钟。",
    "You are number {position} in line. The wait is more than {minutes} minutes.",
)
OFFER_CALLBACK: Final = Text(
    "不想等待的话，请按1，轮到您时我们会打给您，排队位置为您保留。",
    "If you would rather not wait, press 1: we will call you when it is your turn, and you keep your place.",
)
OFFER_MESSAGE: Final = Text("想留言的话，请按2。", "To leave a message instead, press 2.")
SPEAK_MESSAGE: Final = Text(
    "请在提示音后留言，最长两分钟，说完请挂机或按井号键。",
    "Please speak your message after the tone, up to two minutes. Hang up or press pound when you are done.",
)
MESSAGE_KEPT: Final = Text("您的留言已收到，再见。", "We have your message. Goodbye.")
NO_MESSAGE: Final = Text("我们没有听到留言。再见。", "We did not hear a message. Goodbye.")
CONNECTING: Final = Text("正在为您接通，请稍候。", "We are connecting you. One moment, please.")
CONFIRM: Final = Text(
    "我们将回拨尾号{digits}的号码。同意请按1再按井号键；换一个号码，请输入号码，按井号键结束。",
    "We will call the number ending in {digits}. To agree, press 1 and pound; "
    "for another number, key it in and press pound.",
)
KEY_NUMBER: Final = Text(
    "请输入您希望我们回拨的号码，按井号键结束。", "Please key in the number we should call, and press pound."
)
BAD_NUMBER: Final = Text("抱歉，这个号码无法使用。", "Sorry, that number cannot be used.")
PROMISED: Final = Text(
    "好的。轮到您时我们会拨打尾号{digits}的号码。您可以挂机了，再见。",
    "Thank you. When it is your turn we will call the number ending in {digits}. You may hang up now. Goodbye.",
)
CALLING_BACK: Final = Text(
    "您好，这里是云杉宽带，您预约的回电。", "Hello, this is Spruce Broadband with the call you asked for."
)
RECONNECTING: Final = Text(
    "线路刚才中断了，正在为您重新接通。", "The line was interrupted. We are connecting you again."
)
BACK_IN_LINE: Final = Text(
    "非常抱歉，通话中断了。您排在最前面，请稍候。",
    "We are very sorry, the call was interrupted. You are first in line, please hold.",
)
TAKE_CALL: Final = Text("有客户来电，按1接听。", "A customer is calling. Press 1 to take the call.")
CALL_GONE: Final = Text("来电已结束，再见。", "The call is no longer waiting. Goodbye.")
GOODBYE: Final = Text("感谢您的来电，再见。", "Thank you for calling. Goodbye.")
SORRY: Final = Text("非常抱歉，系统暂时遇到问题。", "We are very sorry, our system has a problem at the moment.")
SORRY_CALLBACK: Final = Text("请按1，我们会尽快给您回电。", "Press 1 and we will call you back as soon as we can.")
SORRY_HOLD: Final = Text("请不要挂机，我们正在登记您的回电。", "Please stay on the line while we note your callback.")
SORRY_LATER: Final = Text("请您稍后再拨，再见。", "Please call again later. Goodbye.")
WRONG_NUMBER: Final = Text("您拨打的号码未在服务中，请核对后再拨。", "The number you called is not in service.")
NOT_TAKEN: Final = Text("很抱歉，我们无法接听您的来电，再见。", "We are sorry, we cannot take your call. Goodbye.")
REFUSED: Final = Text("签名无效。", "The signature is not valid.")
MISSING: Final = Text("缺少参数。", "A parameter is missing.")
TOO_LONG: Final = Text("参数过长。", "A parameter is too long.")
TOO_LARGE: Final = Text("请求过大。", "The request is too large.")
NOT_A_FORM: Final = Text("请求格式不正确。", "The request is not a form post.")
NOT_FOUND: Final = Text("没有这个地址。", "There is no such address.")
BUSY: Final = Text("暂时无法处理，请重试。", "Not possible at the moment; try again.")
CLOSED: Final = Text("我们现在不在服务时间。", "We are closed at the moment.")
CLOSED_TODAY: Final = Text("今天是{holiday}，我们休息。", "We are closed today for {holiday}.")
OPENS_TODAY: Final = Text("我们今天{clock}开始服务。", "We open today at {clock}.")
OPENS: Final = Text("我们将于{month}月{day}日{clock}开始服务。", "We open on {month}/{day} at {clock}.")
CLOSED_CALLBACK: Final = Text(
    "如果希望我们上班后给您回电，请按1。", "If you would like us to call you when we open, press 1."
)
