import { useEffect, useRef } from "react";
import { setDesk, useDesk } from "@/hooks/useDesk";
import { useCommand } from "@/hooks/useFloor";
import { aftermath } from "@/lib/consult";
import type { Snapshot } from "@/lib/contract";
import { useLine } from "@/lib/line";

/** Notes what a consult left behind. Who was given a contact takes the customer back as soon as he can be heard. */
export function useAftermath(floor: Snapshot | undefined): void {
  const before = useRef<Snapshot | undefined>(undefined);
  useEffect(() => {
    if (!floor) return;
    setDesk({ aftermath: aftermath(useDesk.getState().aftermath, before.current, floor) });
    before.current = floor;
  }, [floor]);

  const given = useDesk((desk) => (desk.aftermath?.kind === "given" ? desk.aftermath.contact : null));
  const live = useLine((line) => line.legs.contact?.phase === "live");
  const heard = live || floor?.phone?.state === "led";
  const { mutate } = useCommand();
  const contact = floor?.contact;
  const due = heard && contact?.state === "held" && contact.id === given ? contact.id : null;
  useEffect(() => {
    if (due !== null) mutate({ do: "resume", contact: due });
  }, [due, mutate]);
}
