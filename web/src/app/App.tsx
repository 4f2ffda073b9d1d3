import { Skeleton } from "@/components/Parts";
import { useSession } from "@/hooks/useSession";
import { useWords } from "@/hooks/useWords";
import { SignInPage } from "./SignInPage";
import { Workspace } from "./Workspace";

/** Sign-in while nobody is signed in, the workspace otherwise. */
export function App() {
  const { w } = useWords();
  const { person, failed } = useSession();
  if (person) return <Workspace />;
  if (person === null || failed) return <SignInPage />;
  return <Skeleton lines={4} label={w.loading} />;
}
