/** What both pages say of a call that is sealed end to end. */
import type { Lang } from "@/lib/contract";

const zh = {
  title: "端到端加密",
  agreeing: "正在建立加密，建立前双方互相听不到",
  compare: "与对方念一遍这六位数字，一致则无人能窃听",
  number: "安全码",
  off: "本次通话不录音、不转写，班长不能监听，也不做质检",
  broken: "加密校验不通过，可能有人在中间窃听。请不要透露任何信息，并挂断。",
  before: "此事项的网络通话端到端加密，只有您和客服能听到：不录音、不转写。",
  cannot: "此浏览器不支持加密通话，请更新浏览器或改用电话。",
  phone: "回电是普通电话，不加密。",
  alone: "加密通话只能由两人参与，不能会议或先与同事商量",
  unheard: "已加密，不能监听",
  queue: "网络通话",
  open: "可录音、转写和监听",
  sealed: "端到端加密",
  queueHint: "加密后，网页来电不录音、不转写、不监听、不质检；电话来电不受影响。",
};

export type SealWords = typeof zh;

const en: SealWords = {
  title: "Sealed end to end",
  agreeing: "Agreeing on keys; until then neither side hears the other",
  compare: "Read these six digits to each other: where they are the same, nobody can listen in",
  number: "Safety number",
  off: "Off in this call: recording, transcript, supervisors listening, quality checks",
  broken: "The keys do not fit: somebody may be listening in between. Say nothing private, and hang up.",
  before: "Calls from this page about this are sealed end to end: only you and the agent hear them. No recording, no transcript.",
  cannot: "This browser cannot make sealed calls. Update it, or call by phone.",
  phone: "A callback is an ordinary phone call and not sealed.",
  alone: "A sealed call has two parties: no conference, and no word with a colleague first",
  unheard: "Sealed: cannot be heard",
  queue: "Calls from a page",
  open: "May be recorded, written down and listened to",
  sealed: "Sealed end to end",
  queueHint: "Sealed calls are not recorded, written down, listened to or checked. Phone calls stay as they are.",
};

export const SEAL_WORDS: Record<Lang, SealWords> = { zh, en };
