import { lazy, Suspense } from "react";
import { Skeleton } from "@/components/Parts";
import { useSession } from "@/hooks/useSession";
import { useWords } from "@/hooks/useWords";
import { SignInPage } from "./SignInPage";
import { Workspace } from "./Workspace";

// Agents never load what only administrators use.
const Office = lazy(() => import("./Office"));

/** Sign-in while nobody is signed in; then the workspace of those who take calls, or the office of those who do not. */
export function App() {
  const { w } = useWords();
  const { person, failed } = useSession();
  if (person?.role === "agent") return <Workspace />;
  if (person) {
    return (
      <Suspense fallback={<Skeleton lines={4} label={w.loading} />}>
        <Office person={person} />
      </Suspense>
    );
  }
  if (person === null || failed) return <SignInPage />;
  return <Skeleton lines={4} label={w.loading} />;
}
