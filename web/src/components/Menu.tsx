import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** A line above this item. */
  apart?: boolean;
  onChoose: () => void;
}

/** A button that opens a short list. Arrow keys move, Escape closes and gives the focus back. */
export function Menu({ button, label, items, className = "" }: { button: ReactNode; label: string; items: MenuItem[]; className?: string }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const outside = (event: PointerEvent) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (step === undefined) return;
    event.preventDefault();
    all.at((all.indexOf(document.activeElement as HTMLElement) + step) % all.length)?.focus();
  };

  return (
    <div className={`menu ${className}`} ref={root} onKeyDown={open ? move : undefined}>
      <button type="button" className="menu__button" aria-haspopup="menu" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span className="hidden">{label}: </span>
        {button}
      </button>
      {open && (
        <div className="menu__list" role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={item.apart ? "menu__item menu__item--apart" : "menu__item"}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
