import { Segmented } from "@/components/Segmented";
import { useWatchWords } from "@/hooks/useWatchWords";
import { edit, useDraft } from "@/lib/admin/draft";
import { useMayWrite } from "./useMayWrite";

/** Whether agents are shown a supervisor who only listens; part of the draft. */
export function NoticeChoice() {
  const { v } = useWatchWords();
  const mayWrite = useMayWrite();
  const notice = useDraft((draft) => draft.config?.monitoring_notice ?? null);
  const options = (["all", "spoken"] as const).map((value) => ({ value, label: v.notices[value] }));
  return (
    <section className="part" aria-labelledby="notice-title">
      <h2 id="notice-title">{v.notices.title}</h2>
      <p className="quiet">{v.noticesHint}</p>
      <Segmented name="notice" label={v.notices.title} value={notice} options={options} disabled={!mayWrite} onChange={(value) => edit({ monitoring_notice: value })} />
    </section>
  );
}
