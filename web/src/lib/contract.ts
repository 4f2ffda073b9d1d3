/** The words of the API by the names this page uses. Taken from paths, so that the names of the server's models do not matter. */
import type { paths } from "@/generated/api";

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : never;
type Answer<P extends keyof paths, M extends "get" | "post" | "patch" | "put", Code extends number = 200> =
  paths[P][M] extends { responses: infer R } ? (Code extends keyof R ? Json<R[Code]> : never) : never;

export type Snapshot = Answer<"/api/me/floor", "get">;
export type Agent = Snapshot["agent"];
export type Offer = NonNullable<Snapshot["offer"]>;
export type Contact = NonNullable<Snapshot["contact"]>;
export type Consult = NonNullable<Snapshot["consult"]>;
export type Phone = NonNullable<Snapshot["phone"]>;
export type Watcher = Snapshot["watchers"][number];
export type TeamCalls = Answer<"/api/team/calls", "get">;
export type TeamCall = TeamCalls["calls"][number];
export type WatchMode = Watcher["mode"];
export type Targets = Answer<"/api/contacts/{id}/targets", "get">;
export type TargetQueue = Targets["queues"][number];
export type TargetAgent = Targets["agents"][number];
export type ContactLine = Answer<"/api/contacts/{id}/line", "get">;
export type Message = Answer<"/api/messages", "get">["messages"][number];
export type Ticket = Answer<"/api/tickets/{id}", "get">;
export type Person = Answer<"/api/session", "get">["person"];
export type WorkspaceConfig = Answer<"/api/config/workspace", "get">;
export type SocketTicket = Answer<"/api/me/socket-ticket", "post">;
export type PublicMatters = Answer<"/api/public/matters", "get">;
export type PublicHours = PublicMatters["hours"][number];
export type PublicContact = Answer<"/api/public/contacts", "post", 201>;
export type CallerState = Answer<"/api/public/contacts/{id}", "get">;
export type Decision = Answer<"/api/offers/{id}/why", "get">;
export type AdminConfig = Answer<"/api/admin/config", "get">;
export type ConfigData = AdminConfig["config"];
export type ConfigQueue = ConfigData["queues"][number];
export type ConfigMatter = ConfigData["matters"][number];
export type ConfigSkill = ConfigData["skills"][number];
export type ConfigCalendar = ConfigData["calendars"][number];
export type ConfigHoliday = ConfigCalendar["holidays"][number];
export type ConfigNumber = ConfigData["numbers"][number];
export type Feature = AdminConfig["features"][number];
export type Publication = AdminConfig["publication"];
export type OldConfig = Answer<"/api/admin/config/versions/{n}", "get">;
export type Checked = Answer<"/api/admin/config/check", "post">;
export type TrainedAgent = Answer<"/api/admin/agents/{id}", "put">;
export type Trial = Answer<"/api/admin/trials", "get">["trials"][number];
export type TrialDetail = Answer<"/api/admin/trials/{id}", "get">;
export type TrialResult = NonNullable<TrialDetail["result"]>;
export type TrialNumbers = TrialResult["against"]["total"];
export type TrialVerdict = TrialResult["verdict"][string];
export type Bilingual = { zh: string; en: string };
export type Lang = keyof Bilingual;
export type FieldValues = Record<string, unknown>;
/** What opens an edge to one leg of one contact: an address and a token that is good once, for at most 60 s. */
export type Door = { whip: string; token: string };
