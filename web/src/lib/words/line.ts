/** Words of the page that shows a live call's line. */
import type { Lang } from "@/lib/contract";

const zh = {
  title: "通话线路",
  open: (edge: string) => `媒体节点 ${edge}，每 1.5 秒更新`,
  held: "客户正在保持中",
  nobody: "现在没有人在通话中",
  heads: ["参与方", "状态", "评分（MOS）", "语音电平", "丢包", "突发比", "抖动", "往返", "到节点的时延"],
  roles: { caller: "客户", agent: "坐席", partner: "同事" },
  by: { page: "网页", phone: "电话" },
  fine: "安静",
  speaks: "正在说话",
  unheard: { no_packets: "语音没有送达", no_sound: "麦克风没有声音" },
};

export type LineWords = typeof zh;

const en: LineWords = {
  title: "Line of the call",
  open: (edge: string) => `Media edge ${edge}, measured every 1.5 seconds`,
  held: "The customer is on hold",
  nobody: "Nobody is on this call now",
  heads: ["Party", "State", "MOS", "Speech level", "Loss", "Burst ratio", "Jitter", "Round trip", "Delay to the edge"],
  roles: { caller: "Customer", agent: "Agent", partner: "Colleague" },
  by: { page: "page", phone: "phone" },
  fine: "quiet",
  speaks: "speaking",
  unheard: { no_packets: "audio does not arrive", no_sound: "microphone gives no sound" },
};

export const LINE_WORDS: Record<Lang, LineWords> = { zh, en };
