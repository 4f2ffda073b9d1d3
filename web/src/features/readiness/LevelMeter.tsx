const BARS = 10;
const FLOOR_DBFS = -60;

/** The microphone's level as ten bars, -60 dBFS to full scale. */
export function LevelMeter({ dbfs }: { dbfs: number }) {
  const lit = Math.round(((Math.max(FLOOR_DBFS, dbfs) - FLOOR_DBFS) / -FLOOR_DBFS) * BARS);
  return (
    <span className="level" role="meter" aria-valuemin={FLOOR_DBFS} aria-valuemax={0} aria-valuenow={Math.round(dbfs)} aria-label="dBFS">
      {Array.from({ length: BARS }, (_, index) => (
        <span key={index} className="level__bar" data-lit={index < lit} />
      ))}
    </span>
  );
}
