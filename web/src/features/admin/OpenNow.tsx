import { useMemo } from "react";
import { useMinute } from "@/hooks/useNow";
import { useDraft } from "@/lib/admin/draft";
import { openingOf } from "@/lib/admin/hours";
import { wrongsIn } from "@/lib/admin/wrongs";
import type { ConfigCalendar } from "@/lib/contract";
import { openingTold } from "@/lib/opening";
import { useAdminWords } from "./useAdminWords";

/** Whether a calendar is open at this moment and when that changes, with what the draft says and is not published yet. */
export function OpenNow({ calendar, path }: { calendar: ConfigCalendar; path: string }) {
  const { a, lang } = useAdminWords();
  const now = useMinute();
  const unclear = useDraft((draft) => draft.config !== null && wrongsIn(draft.config).some((each) => each.path.startsWith(`${path}.`)));
  const opening = useMemo(() => (unclear ? null : openingOf(calendar, now)), [calendar, now, unclear]);
  return (
    <span className="open-now" data-open={opening?.open ?? false}>
      <i className={opening?.open ? "dot" : "dot dot--hollow"} aria-hidden="true" />
      {opening ? openingTold(opening, now, calendar.zone, lang) : a.office.unclear}
    </span>
  );
}
