/** Words of agents whose sound comes by telephone or SIP instead of the headset. */
import type { Lang } from "@/lib/contract";

const zh = {
  title: "声音来自",
  hint: "接听后系统拨打您的电话，按 1 接通。从下一通来电起生效；响铃或通话中不能更改。",
  by: { headset: "浏览器耳机", phone: "电话", sip: "SIP 地址" },
  address: "电话号码或 SIP 地址",
  example: "例如 13812348001 或 sip:name@example.com",
  now: (shown: string) => `现在：${shown}`,
  save: "保存",
  change: "更改",
  cancel: "取消",
  saved: "已保存",
  of: (name: string) => `${name} 的声音来自`,
  state: { dialling: "正在拨打您的电话", ringing: "您的电话正在响铃", asked: "请在电话上按 1", led: "声音在您的电话上", over: "您的电话已挂断" },
  again: "再拨我的电话",
};

export type PhoneWords = typeof zh;

const en: PhoneWords = {
  title: "My sound comes by",
  hint: "When you accept a contact we call this phone; press 1 to take it. Holds from the next contact on, and cannot be changed while one rings or is on.",
  by: { headset: "headset in the browser", phone: "telephone", sip: "SIP address" },
  address: "Telephone number or SIP address",
  example: "For example +8613812348001 or sip:name@example.com",
  now: (shown: string) => `Now: ${shown}`,
  save: "Save",
  change: "Change",
  cancel: "Cancel",
  saved: "Saved",
  of: (name: string) => `Sound of ${name}`,
  state: { dialling: "Calling your phone", ringing: "Your phone rings", asked: "Press 1 on your phone", led: "The sound is on your phone", over: "Your phone hung up" },
  again: "Ring my phone again",
};

export const PHONE_WORDS: Record<Lang, PhoneWords> = { zh, en };
