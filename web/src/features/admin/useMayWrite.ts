import { useSession } from "@/hooks/useSession";

/** Whether this person may change anything here; the server asks the same question again. */
export const useMayWrite = (): boolean => useSession().person?.role === "admin";
