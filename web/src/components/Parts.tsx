import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/Icon";

/** A small word with a border; the tone is carried by the text as well. */
export function Tag({ tone = "plain", icon, dot, children }: { tone?: "plain" | "accent" | "amber" | "red"; icon?: IconName; dot?: boolean; children: ReactNode }) {
  return (
    <span className={`tag tag--${tone}`}>
      {dot && <span className="dot" aria-hidden="true" />}
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

/** What a part shows while it has nothing: says so, and says what will come. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty__icon">
        <Icon name={icon} size={18} />
      </span>
      <div>
        <p className="empty__title">{title}</p>
        {children && <p className="empty__hint">{children}</p>}
      </div>
    </div>
  );
}

/** Label above, value, note below: one cell of a strip of facts. */
export function Fact({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
      {note && <dd className="fact__note">{note}</dd>}
    </div>
  );
}

/** Grey lines where text will be. */
export function Skeleton({ lines = 3, label }: { lines?: number; label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className="skeleton__line" />
      ))}
    </div>
  );
}

/** One line that something did not work, said once. */
export function Problem({ children, onDismiss, dismiss }: { children: ReactNode; onDismiss?: () => void; dismiss?: string }) {
  return (
    <div className="problem" role="alert">
      <Icon name="warn" />
      <span>{children}</span>
      {onDismiss && (
        <button type="button" className="link" onClick={onDismiss}>
          {dismiss}
        </button>
      )}
    </div>
  );
}
