// What a frontend writes with the clients that openapi-typescript generates. It must compile, and
// each line below a @ts-expect-error must not.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./events";
import type { paths as RegistryPaths } from "./registry";
import type { paths as CallPaths } from "./applications";
import type { paths as MessagePaths } from "./notifications";
import type { paths as ProgrammePaths } from "./programme";

type Session = components["schemas"]["SessionView"];
type Problem = components["schemas"]["Problem"];
type Request = operations["registerForSession"]["requestBody"];

const registry = createClient<RegistryPaths>({ baseUrl: "/registry" });
const events = createClient<paths>({ baseUrl: "/events" });

export async function signIn(challenge_id: string, code: string): Promise<string> {
  const { data } = await registry.POST("/v1/sign-in/tokens", { body: { challenge_id, code } });
  return data ? data.access_token : "";
}

export async function titles(edition_id: string): Promise<string[]> {
  const { data } = await events.GET("/v1/sessions", { params: { query: { edition_id } } });
  const found: readonly Session[] = data?.items ?? [];
  return found.map((session) => session.title.en ?? session.title.vi);
}

export async function register(session: Session): Promise<number | Problem> {
  const body: Request = { content: { "application/json": { kind: "general", size: 2, hold: false } } };
  const { data, error } = await events.POST("/v1/sessions/{session_id}/registrations", {
    params: { path: { session_id: session.id }, header: { "Idempotency-Key": "k" } },
    body: body.content["application/json"],
  });
  if (error) return error as Problem;
  // @ts-expect-error there is no such status
  if (data.status === "sold_out") return 0;
  // @ts-expect-error there is no such field
  data.price;
  return data.amount - data.paid;
}

export const adult: components["schemas"]["Adult"] = { name: "Lan", adult: true, consents: true };

// @ts-expect-error a size is a number
export const wrong: components["schemas"]["RegistrationRequest"] = { size: "2" };

// @ts-expect-error there is no such path
events.GET("/v1/concerts");

export const others = {
  calls: createClient<CallPaths>().GET("/v1/calls"),
  messages: createClient<MessagePaths>().GET("/v1/me/messages"),
  initiatives: createClient<ProgrammePaths>().GET("/v1/initiatives"),
};
