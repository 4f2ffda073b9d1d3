/** The product's own leg on an empty page, so that a measurement hears what it makes of a line. Never part of the product. */
import { openLine, useLine } from "@/lib/line";

const RATE = 16_000;
const heard: Int16Array[] = [];

/** What the loudspeaker gets, at 16 kHz; whatever it is given to play, one after the other. */
async function keep(speaker: HTMLAudioElement): Promise<void> {
  const context = new AudioContext({ sampleRate: RATE });
  const taker = context.createScriptProcessor(512, 1, 1);
  taker.onaudioprocess = (event) => heard.push(Int16Array.from(event.inputBuffer.getChannelData(0), (x) => Math.max(-1, Math.min(1, x)) * 32767));
  taker.connect(context.destination);
  let playing: MediaProvider | null = null;
  let source: AudioNode | null = null;
  const follow = () => {
    if (speaker.srcObject === playing || !(speaker.srcObject instanceof MediaStream)) return;
    playing = speaker.srcObject;
    source?.disconnect();
    source = context.createMediaStreamSource(speaker.srcObject);
    source.connect(taker);
  };
  follow();
  setInterval(follow, 5);
  await context.resume();
}

/** The microphone as it is: what improves a voice would be measured too. */
function plainMicrophone(): void {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = () => ask({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
}

interface Door {
  whip: string;
  token: string;
}

/** `openDoor` is asked again for each try: a measurement that changes the way answers with another one. */
async function join(openDoor: () => Promise<Door>): Promise<void> {
  plainMicrophone();
  openLine(openDoor);
  await new Promise<void>((done, failed) => useLine.subscribe(({ phase }) => (phase === "live" ? done() : phase === "failed" && failed(new Error(phase)))));
  const speaker = document.querySelector<HTMLAudioElement>("audio#line");
  if (speaker) await keep(speaker);
}

function sound(): string {
  const all = new Uint8Array(heard.flatMap((piece) => [...new Uint8Array(piece.buffer)]));
  let text = "";
  for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(text);
}

/** How many samples there are, and those from some number on. */
const samples = () => heard.reduce((count, piece) => count + piece.length, 0);
const soundFrom = (at: number) => heard.flatMap((piece) => [...piece]).slice(at);

Object.assign(window, { join, samples, soundFrom, sound, quality: () => useLine.getState().quality });
