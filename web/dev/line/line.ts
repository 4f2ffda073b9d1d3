/** The product's own leg on an empty page, so that a measurement hears what it makes of a line. Never part of the product. */
import { openLine, useLine } from "@/lib/line";

const RATE = 16_000;
const heard: Int16Array[] = [];

/** What the loudspeaker gets, at 16 kHz. */
async function keep(stream: MediaStream): Promise<void> {
  const context = new AudioContext({ sampleRate: RATE });
  const taker = context.createScriptProcessor(512, 1, 1);
  taker.onaudioprocess = (event) => heard.push(Int16Array.from(event.inputBuffer.getChannelData(0), (x) => Math.max(-1, Math.min(1, x)) * 32767));
  context.createMediaStreamSource(stream).connect(taker);
  taker.connect(context.destination);
  await context.resume();
}

/** The microphone as it is: what improves a voice would be measured too. */
function plainMicrophone(): void {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = () => ask({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
}

async function join(whip: string, token: string): Promise<void> {
  plainMicrophone();
  openLine(() => Promise.resolve({ whip, token }));
  await new Promise<void>((done, failed) => useLine.subscribe(({ phase }) => (phase === "live" ? done() : phase === "failed" && failed(new Error(phase)))));
  const speaker = document.querySelector<HTMLAudioElement>("audio#line");
  if (speaker?.srcObject instanceof MediaStream) await keep(speaker.srcObject);
}

function sound(): string {
  const all = new Uint8Array(heard.flatMap((piece) => [...new Uint8Array(piece.buffer)]));
  let text = "";
  for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(text);
}

Object.assign(window, { join, sound, quality: () => useLine.getState().quality });
