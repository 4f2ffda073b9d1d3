/** Sounds the page makes itself: two soft notes while a call rings. No files, so nothing to load when it matters. */
let audio: AudioContext | null = null;

const NOTES_HZ = [659.25, 523.25] as const;
const EVERY_MS = 2_400;
const LOUDNESS = 0.16;

function note(context: AudioContext, hz: number, at: number): void {
  const [tone, gain] = [context.createOscillator(), context.createGain()];
  tone.type = "sine";
  tone.frequency.value = hz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.55);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.6);
}

function chime(): void {
  audio ??= new AudioContext();
  // Without an earlier click on the page the browser keeps it silent; the strip and the notification still show the call.
  void audio.resume().catch(() => undefined);
  const start = audio.currentTime + 0.02;
  NOTES_HZ.forEach((hz, index) => note(audio as AudioContext, hz, start + index * 0.28));
}

/** Rings until the returned function is called. */
export function startRing(): () => void {
  chime();
  const timer = setInterval(chime, EVERY_MS);
  return () => clearInterval(timer);
}

/** One chime: it is your turn. */
export const chimeOnce = chime;
