/** Server time in the page: every countdown is counted on the server's clock, a wrong clock at home changes nothing. */
let offsetMs = 0;

/** Learn the offset from an answer that carried the server's `now` (ms). */
export function hearServerTime(serverNow: number, localNow: number = Date.now()): void {
  offsetMs = serverNow - localNow;
}

/** The server's time, ms since the epoch. */
export const serverNow = (): number => Date.now() + offsetMs;
