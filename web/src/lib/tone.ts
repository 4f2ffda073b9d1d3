/** Sounds the page makes itself: two soft notes while a call rings. No files, so nothing to load when it matters. */
let audio: AudioContext | null = null;

const NOTES_HZ = [659.25, 523.25] as const;
const EVERY_MS = 2_400;
const LOUDNESS = 0.16;

/** What who waits hears where the edge cannot say it: the same notes as there. Seconds; levels of full scale. */
const OWN = {
  waiting: { every: 4, notes: [{ hz: 392, at: 0, lasts: 1.6, level: 0.035 }, { hz: 523.25, at: 0.35, lasts: 1.6, level: 0.022 }] },
  hold: { every: 5, notes: [{ hz: 329.63, at: 0, lasts: 1, level: 0.03 }, { hz: 261.63, at: 0.7, lasts: 1.4, level: 0.03 }] },
} as const;
export type ToneName = keyof typeof OWN;

/** Plays until the returned function is called. */
export function startTone(name: ToneName): () => void {
  audio ??= new AudioContext();
  const context = audio;
  const out = context.createGain();
  out.connect(context.destination);
  void context.resume().catch(() => undefined);
  const { every, notes } = OWN[name];
  const play = () => notes.forEach(({ hz, at, lasts, level }) => swell(context, out, hz, context.currentTime + 0.02 + at, lasts, level));
  play();
  const timer = setInterval(play, 1000 * every);
  return () => {
    clearInterval(timer);
    out.disconnect();
  };
}

/** Rises and falls without a click. */
function swell(context: AudioContext, out: AudioNode, hz: number, at: number, lasts: number, level: number): void {
  const [tone, gain] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = hz;
  gain.gain.setValueCurveAtTime(Float32Array.from({ length: 33 }, (_, n) => level * Math.sin((Math.PI * n) / 32) ** 2), at, lasts);
  tone.connect(gain).connect(out);
  tone.start(at);
  tone.stop(at + lasts);
}

/** Row and column of a telephone's key, in Hz (ITU-T Q.23). */
const KEY_ROWS = ["123A", "456B", "789C", "*0#D"];
const ROW_HZ = [697, 770, 852, 941] as const;
const COLUMN_HZ = [1209, 1336, 1477, 1633] as const;
const KEY_LEVEL = 0.25;

/** A track that sounds the key until `end` is called; null for what is no key. */
export function keyTrack(digit: string): { track: MediaStreamTrack; end: () => void } | null {
  const row = KEY_ROWS.findIndex((keys) => digit.length === 1 && keys.includes(digit));
  const [low, high] = [ROW_HZ[row], COLUMN_HZ[KEY_ROWS[row]?.indexOf(digit) ?? -1]];
  if (low === undefined || high === undefined) return null;
  audio ??= new AudioContext();
  const [context, out] = [audio, audio.createMediaStreamDestination()];
  void context.resume().catch(() => undefined);
  const tones = [low, high].map((hz) => {
    const [tone, gain] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hz;
    gain.gain.value = KEY_LEVEL;
    tone.connect(gain).connect(out);
    tone.start();
    return tone;
  });
  const track = out.stream.getAudioTracks()[0];
  const end = () => {
    tones.forEach((tone) => tone.stop());
    track?.stop();
  };
  return track ? { track, end } : null;
}

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
