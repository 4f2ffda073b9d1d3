/** How a leg finds another way without joining anew: ICE restarts (RFC 9725 section 4.3), relays (section 4.6). */

/** The first tries are short: right after a change of link a request hangs rather than fails. Milliseconds. */
export const TRY_MS = [400, 800, 1600, 3200] as const;

const FRAGMENT = "application/trickle-ice-sdpfrag";
const CREDENTIALS = ["ice-ufrag", "ice-pwd"] as const;

/** Relays that the edge told with its answer, out of the `Link` field. */
export function relaysOf(link: string | null): RTCIceServer[] {
  return [...(link ?? "").matchAll(/<(turns?:[^>]+)>([^<]*)/g)].flatMap(([, urls = "", rest = ""]) => {
    const said = (name: string) => rest.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? "";
    return said("rel") === "ice-server" ? [{ urls, username: said("username"), credential: said("credential") }] : [];
  });
}

const lineOf = (sdp: string, name: string): string => sdp.match(new RegExp(`^a=${name}:\\S+`, "m"))?.[0] ?? "";

/** Ours for the edge: it needs the credentials alone, whom it answers is who checks it. */
function fragmentOf(sdp: string): string {
  return [...CREDENTIALS.map((name) => lineOf(sdp, name)), "m=audio 9 UDP/TLS/RTP/SAVPF 0", lineOf(sdp, "mid"), ""].join("\r\n");
}

/** The edge's former answer with the credentials and addresses of the new ICE session. It has one section, so they go to the end. */
export function renewed(answer: string, fragment: string): string {
  const candidates = fragment.split(/\r?\n/).filter((line) => line.startsWith("a=candidate:"));
  const kept = answer.split(/\r?\n/).filter((line) => line !== "" && !/^a=(candidate:|end-of-candidates)/.test(line));
  const put = (line: string) => CREDENTIALS.reduce((text, name) => (text.startsWith(`a=${name}:`) ? lineOf(fragment, name) : text), line);
  return [...kept.map(put), ...candidates, "a=end-of-candidates", ""].join("\r\n");
}

/** A restart whose answer was lost is asked for again, and answered alike. */
async function patch(session: string, body: string, ask: typeof fetch): Promise<string> {
  let last: unknown;
  for (const timeoutMs of TRY_MS) {
    try {
      const init = { method: "PATCH", headers: { "Content-Type": FRAGMENT, "If-Match": "*" }, body, signal: AbortSignal.timeout(timeoutMs) };
      const response = await ask(session, init);
      if (response.status === 200) return await response.text();
      last = new Error(`edge answered ${response.status}`);
      if (response.status < 500) break;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/**
 * Both ends look for a way anew, relays among them; sound stays on the old one until a new one works. Keys and leg stay.
 * Throws where the edge did not take it, and all is as before.
 */
export async function restartIce(peer: RTCPeerConnection, session: string, relays: RTCIceServer[], ask: typeof fetch): Promise<void> {
  if (peer.signalingState !== "stable" || !peer.currentRemoteDescription) throw new Error("not joined");
  if (relays.length > 0) peer.setConfiguration({ ...peer.getConfiguration(), iceServers: relays });
  await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }));
  try {
    const theirs = await patch(session, fragmentOf(peer.localDescription?.sdp ?? ""), ask);
    await peer.setRemoteDescription({ type: "answer", sdp: renewed(peer.currentRemoteDescription.sdp, theirs) });
  } catch (error) {
    if ((peer.signalingState as RTCSignalingState) === "have-local-offer") await peer.setLocalDescription({ type: "rollback" });
    throw error;
  }
}
