import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "@/components/Icon";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "primary" | "danger" | "quiet" | "outline" | "bar";
  size?: "small" | "middle" | "large";
  icon?: IconName;
  /** Key combination shown at the end, e.g. `Alt+A`. */
  hotkey?: string;
  children?: ReactNode;
}

export function Button({ look = "plain", size = "middle", icon, hotkey, children, className = "", ...rest }: Props) {
  return (
    <button type="button" className={`button button--${look} button--${size} ${className}`} {...rest}>
      {icon && <Icon name={icon} size={size === "large" ? 20 : 16} />}
      {children !== undefined && <span className="button__text">{children}</span>}
      {hotkey && <Keys of={hotkey} />}
    </button>
  );
}

/** A key combination as keys. */
export function Keys({ of }: { of: string }) {
  return <kbd className="keys">{of}</kbd>;
}
