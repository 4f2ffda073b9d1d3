/** The words of opening times, which the caller's page and the administration share. */
import type { Lang } from "@/lib/contract";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const zh = {
  weekdays: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
  everyDay: "每天",
  range: (from: string, to: string) => `${from}至${to}`,
  comma: "、",
  date: (month: number, day: number) => `${month}月${day}日`,
  dated: (date: string, weekday: string) => `${date} ${weekday}`,
  at: (day: string, clock: string) => `${day} ${clock}`,
  today: "今天",
  tomorrow: "明天",
  shut: "休息",
  openUntil: (when: string) => `服务中，到${when}`,
  openAlways: "服务中，全天开放",
  shutUntil: (when: string) => `休息中，${when} 开始服务`,
  shutLong: "休息中，近期没有开放时间",
  onHoliday: (holiday: string, rest: string) => `今天是${holiday}，${rest}`,
};

export type OpeningWords = typeof zh;

const en: OpeningWords = {
  weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  everyDay: "Every day",
  range: (from, to) => `${from} to ${to}`,
  comma: ", ",
  date: (month, day) => `${day} ${MONTHS[month - 1] ?? ""}`,
  dated: (date, weekday) => `${weekday}, ${date}`,
  at: (day, clock) => `${day} at ${clock}`,
  today: "today",
  tomorrow: "tomorrow",
  shut: "closed",
  openUntil: (when) => `Open until ${when}`,
  openAlways: "Open all day",
  shutUntil: (when) => `Closed, opens ${when}`,
  shutLong: "Closed, no opening ahead",
  onHoliday: (holiday, rest) => `${rest} (today is ${holiday})`,
};

export const OPENING_WORDS: Record<Lang, OpeningWords> = { zh, en };
