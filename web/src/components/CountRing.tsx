const RADIUS = 22;
const AROUND = 2 * Math.PI * RADIUS;

/** A ring that runs out: `left` of `whole` seconds. The number is the news, the ring its picture. */
export function CountRing({ left, whole, size = 48 }: { left: number; whole: number; size?: number }) {
  const share = whole > 0 ? Math.min(1, left / whole) : 0;
  return (
    <span className="ring" role="timer" aria-label={String(left)}>
      <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true">
        <circle className="ring__track" cx="24" cy="24" r={RADIUS} />
        <circle className="ring__left" cx="24" cy="24" r={RADIUS} strokeDasharray={AROUND} strokeDashoffset={AROUND * (1 - share)} />
      </svg>
      <span className="ring__number">{left}</span>
    </span>
  );
}
