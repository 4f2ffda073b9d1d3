import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Refused } from "@/lib/api";
import { wearPrefs } from "@/lib/prefs";
import { App } from "./App";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/sign-in.css";
import "./styles/shell.css";
import "./styles/consult.css";
import "./styles/work.css";
import "./styles/pages.css";
import "./styles/phone.css";

wearPrefs();
/** A session that ended elsewhere ends here: back to the sign-in. */
function signedOut(error: unknown): void {
  if (error instanceof Refused && error.status === 401) cache.setQueryData(["session"], null);
}

const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    // A refusal is an answer: asking again changes nothing.
    queries: { retry: (count, error) => count < 2 && !(error instanceof Refused && error.status >= 400 && error.status < 500) },
  },
});
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}
