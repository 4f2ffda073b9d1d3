import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CallerPage } from "@/features/caller/CallerPage";
import { wearPrefs } from "@/lib/prefs";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/caller.css";

wearPrefs();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CallerPage />
    </StrictMode>,
  );
}
