import { useId, useState, type SubmitEvent } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import { useSignIn } from "@/hooks/useSession";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { Bilingual } from "@/lib/contract";

/** Number and password. The company's name stands above once the service has told it. */
export function SignInForm({ company }: { company: Bilingual | undefined }) {
  const { w, pick, lang } = useWords();
  const signIn = useSignIn();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const today = new Date().toLocaleDateString(lang === "zh" ? "zh-CN" : "en-GB", { month: "long", day: "numeric", weekday: "long" });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate({ login: login.trim(), password });
  };

  return (
    <form className="sign-in" onSubmit={submit} aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">{w.signIn}</h1>
      <p className="sign-in__company">{[company && pick(company), w.shiftToday(today)].filter(Boolean).join("・")}</p>
      <LoginField value={login} onChange={setLogin} />
      <PasswordField value={password} onChange={setPassword} />
      {signIn.isError && <Problem>{pick(explain(signIn.error))}</Problem>}
      <Button look="primary" size="large" type="submit" disabled={signIn.isPending || !login || !password}>
        {signIn.isPending ? w.signingIn : w.signIn}
      </Button>
      <p className="sign-in__note">
        <Icon name="lock" size={14} />
        {w.signInNote}
      </p>
      <p className="sign-in__forgot">{w.forgot}</p>
    </form>
  );
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
}

function LoginField({ value, onChange }: FieldProps) {
  const { w } = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{w.login}</label>
      <input id={id} className="input input--large" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={64} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

function PasswordField({ value, onChange }: FieldProps) {
  const { w } = useWords();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{w.password}</label>
      <div className="input-with-end">
        <input id={id} className="input input--large" name="password" type={shown ? "text" : "password"} autoComplete="current-password" required maxLength={256} value={value} onChange={(event) => onChange(event.target.value)} />
        <button type="button" className="input-end" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? w.hide : w.show}
        </button>
      </div>
    </div>
  );
}
