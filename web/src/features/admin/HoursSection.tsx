import { Empty } from "@/components/Parts";
import { useAdminWords } from "./useAdminWords";

/** The place of calendars and holidays. */
export function HoursSection() {
  const { a } = useAdminWords();
  return (
    <div className="pad">
      <Empty icon="calendar" title={a.noHours}>
        {a.noHoursHint}
      </Empty>
    </div>
  );
}
