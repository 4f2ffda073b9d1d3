import type { KeyboardEvent } from "react";

const buttonsOf = (row: Element | undefined): HTMLElement[] => [...(row?.querySelectorAll<HTMLElement>("button:enabled") ?? [])];

/**
 * Arrow keys through the rows of a list below a search box: up and down keep the column, left and right stay in the row.
 * Enter in the box goes to the first row and does nothing yet: what it does must be seen first.
 */
export function moveInRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.nativeEvent.isComposing) return;
  const rows = [...event.currentTarget.querySelectorAll("[data-row]")].filter((row) => buttonsOf(row).length > 0);
  const focus = document.activeElement;
  const at = rows.findIndex((row) => row.contains(focus));
  const column = Math.max(0, buttonsOf(rows[at]).indexOf(focus as HTMLElement));
  const to = target(event.key, at, column, rows);
  const next = to === "search" ? event.currentTarget.querySelector<HTMLElement>("[data-search]") : to;
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function target(key: string, at: number, column: number, rows: Element[]): HTMLElement | "search" | undefined {
  const inRow = (row: number, place: number) => buttonsOf(rows[row]).at(Math.min(place, buttonsOf(rows[row]).length - 1));
  if (at < 0) return key === "ArrowDown" || key === "Enter" ? inRow(0, 0) : undefined;
  switch (key) {
    case "ArrowDown":
      return at + 1 < rows.length ? inRow(at + 1, column) : undefined;
    case "ArrowUp":
      return at === 0 ? "search" : inRow(at - 1, column);
    case "ArrowRight":
      return inRow(at, column + 1);
    case "ArrowLeft":
      return inRow(at, Math.max(0, column - 1));
    default:
      return undefined;
  }
}
