// Types of the API that an SMCP tenant's default export is given. Nothing is imported at run time:
//
//   /** @param {import('smcp-tenant').Mcp} mcp */
//   export default (mcp) => { … }
//
// or in TypeScript `import type { Mcp } from 'smcp-tenant'`.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonSchema = { [keyword: string]: unknown };
type Awaitable<T> = T | PromiseLike<T>;

/** The type of a tenant module's default export. It registers what the server offers; the server starts when it returns. */
export type Register = (mcp: Mcp) => void | Promise<void>;

export interface Mcp {
  /** From `smcp.json`. */
  readonly serverInfo: { readonly name: string; readonly version: string; readonly title?: string };
  readonly content: ContentMakers;

  /** Throws a TypeError naming what is wrong; so do its siblings. May be called at run time too: clients are told. */
  tool<Input = any, Output = unknown>(name: string, definition: ToolDefinition, handler: ToolHandler<Input, Output>): void;
  /** A resource with a fixed URI. */
  resource(uri: string, definition: ResourceDefinition, handler: (uri: string, call: Call) => Awaitable<ReadOutcome>): void;
  /**
   * Resources whose URIs fit a template: `{name}` (no `/`, `?`, `#`), `{name*}` (a comma-separated list) and at most one `{+name}` (anything).
   * Fixed resources come first, then templates in the order of registration. Variables are percent-decoded and may hold anything.
   */
  resourceTemplate<Variables extends Record<string, string | string[]> = Record<string, any>>(
    uriTemplate: string,
    definition: TemplateDefinition,
    handler: (uri: string, variables: Variables, call: Call) => Awaitable<ReadOutcome>,
  ): void;
  prompt<Arguments extends Record<string, string | undefined> = Record<string, any>>(
    name: string,
    definition: PromptDefinition,
    handler: (args: Arguments, call: Call) => Awaitable<PromptOutcome>,
  ): void;

  /** Return false if there was none; otherwise clients are told. */
  removeTool(name: string): boolean;
  removeResource(uri: string): boolean;
  removeResourceTemplate(uriTemplate: string): boolean;
  removePrompt(name: string): boolean;

  /** Tells clients to read a list again. Not needed after the functions above. */
  changed(kind: 'tools' | 'prompts' | 'resources'): void;
  /** Tells subscribers that a resource reads differently now. */
  resourceUpdated(uri: string): void;

  /** How long clients may keep the answer to a list. Default: not at all. */
  cache(list: 'discover' | 'tools' | 'prompts' | 'resources' | 'resourceTemplates', hint: CacheHint): void;

  /** An error that ends the request with this JSON-RPC code: `throw mcp.error(-32602, 'no such order', { order })`. */
  error(code: number, message: string, data?: unknown): Error & { readonly code: number; readonly data?: unknown };
}

export interface CacheHint {
  /** Milliseconds; default 0. */
  ttlMs?: number;
  /** `public` allows answers to be shared between users: never for anything that depends on who asks. Default `private`. */
  scope?: 'private' | 'public';
}

export interface Icon {
  src: string;
  mimeType?: string;
  sizes?: string[];
  theme?: 'light' | 'dark';
}

export interface Annotations {
  audience?: ('user' | 'assistant')[];
  priority?: number;
  lastModified?: string;
}

export interface ToolDefinition {
  title?: string;
  description?: string;
  /** JSON Schema 2020-12 with root type `object`. Default: no arguments. Arguments that do not fit never reach the handler. */
  input?: JsonSchema;
  /** JSON Schema of `structured`. A result that does not fit is answered as an error. */
  output?: JsonSchema;
  annotations?: { title?: string; readOnlyHint?: boolean; destructiveHint?: boolean; idempotentHint?: boolean; openWorldHint?: boolean };
  icons?: Icon[];
  _meta?: Record<string, unknown>;
  /** An answer from the client may be used only once: a round that is sent a second time is refused by the platform. */
  once?: boolean;
}

export type ToolHandler<Input, Output> = (args: Input, call: Call) => Awaitable<ToolOutcome<Output>>;

export type ToolOutcome<Output = unknown> =
  | string
  | ContentBlock
  | (ContentBlock | string)[]
  | { content: (ContentBlock | string)[]; structured?: Output; isError?: boolean; _meta?: Record<string, unknown> }
  | { structured: Output; content?: (ContentBlock | string)[]; isError?: boolean; _meta?: Record<string, unknown> }
  | void
  | null;

export interface ResourceDefinition {
  name: string;
  title?: string;
  description?: string;
  mimeType?: string;
  size?: number;
  annotations?: Annotations;
  icons?: Icon[];
  _meta?: Record<string, unknown>;
  cache?: CacheHint;
}

export interface TemplateDefinition extends Omit<ResourceDefinition, 'size'> {
  complete?: Record<string, Completer>;
}

type Contents = { uri?: string; mimeType?: string; _meta?: Record<string, unknown> } & ({ text: string } | { blob: string | Uint8Array });

/** Nothing at all means: no such resource. */
export type ReadOutcome =
  | string
  | Uint8Array
  | (Contents & { ttlMs?: number; cacheScope?: 'private' | 'public' })
  | (Contents | string | Uint8Array)[]
  | { contents: (Contents | string | Uint8Array)[]; ttlMs?: number; cacheScope?: 'private' | 'public'; _meta?: Record<string, unknown> }
  | void
  | null;

export interface PromptDefinition {
  title?: string;
  description?: string;
  arguments?: { name: string; title?: string; description?: string; required?: boolean; complete?: Completer }[];
  icons?: Icon[];
  _meta?: Record<string, unknown>;
}

export interface PromptMessage {
  role: 'user' | 'assistant';
  content: ContentBlock | string;
}

export type PromptOutcome =
  | string
  | (PromptMessage | string)[]
  | { messages: (PromptMessage | string)[]; description?: string; _meta?: Record<string, unknown> };

/** A fixed list (filtered by what was typed), or a function of what was typed and the other arguments. At most 100 values reach the client. */
export type Completer =
  | readonly string[]
  | ((typed: string, others: Record<string, string>, call: Call) => Awaitable<string[] | { values: string[]; total?: number; hasMore?: boolean }>);

type Extra = { annotations?: Annotations; _meta?: Record<string, unknown> };

export type ContentBlock =
  | ({ type: 'text'; text: string } & Extra)
  | ({ type: 'image' | 'audio'; data: string; mimeType: string } & Extra)
  | ({ type: 'resource'; resource: { uri: string; mimeType?: string } & ({ text: string } | { blob: string }) } & Extra)
  | ({ type: 'resource_link'; uri: string; name: string; title?: string; description?: string; mimeType?: string; size?: number; icons?: Icon[] } & Extra);

/** Bytes are turned into Base64; a string is taken to be Base64 already. */
export interface ContentMakers {
  text(text: string, extra?: Extra): ContentBlock;
  image(data: string | Uint8Array | ArrayBuffer, mimeType: string, extra?: Extra): ContentBlock;
  audio(data: string | Uint8Array | ArrayBuffer, mimeType: string, extra?: Extra): ContentBlock;
  resource(resource: { uri: string; mimeType?: string; text?: string; blob?: string | Uint8Array | ArrayBuffer }, extra?: Extra): ContentBlock;
  resourceLink(uri: string, name: string, extra?: Extra & { title?: string; description?: string; mimeType?: string; size?: number }): ContentBlock;
}

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';

export interface ClientCapabilities {
  elicitation?: { form?: object; url?: object };
  sampling?: { tools?: object; context?: object };
  roots?: object;
  experimental?: Record<string, object>;
  extensions?: Record<string, object>;
}

/** The call being served. Keep it whole (`call.elicit(…)`); its methods do not work on their own. */
export interface Call {
  /** Aborted when the client gives up, or the round has ended. */
  readonly signal: AbortSignal;
  /** The request's `_meta`: trace context and whatever else the client sent. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** What the client says about itself, unverified. */
  readonly client: { readonly info?: { name: string; version: string; title?: string }; readonly capabilities: ClientCapabilities };

  /** Whether the client declared all of these, for example `{ elicitation: { url: {} } }`. */
  supports(capabilities: ClientCapabilities): boolean;
  /** Ends the request with error -32021 unless the client declared all of these. */
  require(capabilities: ClientCapabilities): void;

  readonly progressRequested: boolean;
  /** Dropped unless the client asked for progress and the value has grown. */
  progress(progress: number, total?: number, message?: string): void;
  /** Dropped unless the client asked for messages of this level. For your own eyes use `console`. */
  log(level: LogLevel, data: unknown, logger?: string): void;

  /**
   * Asks the client's user. **Never waits**: without an answer the call ends here, the client is asked, and the handler runs again *from its start*.
   * Let the exception through; catching it changes nothing. Questions asked together (`Promise.all`, `askAll`) make one round.
   */
  elicit<Content = Record<string, any>>(key: string, options: { message: string; schema: JsonSchema }): Promise<ElicitAnswer<Content>>;
  elicit(key: string, options: { message: string; url: string }): Promise<ElicitAnswer<undefined>>;
  /** Asks the client's model. Deprecated by MCP 2026-07-28. */
  sample(key: string, params: SampleParams): Promise<SampleAnswer>;
  /** Asks for the client's roots. Deprecated by MCP 2026-07-28. */
  roots(key: string): Promise<{ roots: { uri: string; name?: string }[] }>;
  /** Several questions in one round, answers by key. */
  askAll(requests: Record<string, { elicit: object } | { sample: SampleParams } | { roots: true }>): Promise<Record<string, any>>;

  /** Runs the supplier in the first round only; later rounds get its value back. The value must be JSON and small, and is returned as JSON gives it. */
  once<T>(key: string, supplier: () => Awaitable<T>): Promise<T>;

  /** The raw form: your own requests, your own state. Read the answers from `inputResponses`, unchecked. */
  inputRequired(options: { requests?: Record<string, { method: string; params?: object }>; state?: Json }): Promise<never>;
  /** The client's answers of the last round. */
  readonly inputResponses: Record<string, any>;
  /** Your own state, from the round before and for the next one. */
  state: Json | undefined;

  /** Lets the client go and fetch the answer later. Only means something to clients of revision 2025-11-25. */
  closeStream(retryMs: number): void;
}

export type ElicitAnswer<Content> = { action: 'accept'; content: Content } | { action: 'decline' | 'cancel'; content?: undefined };

export interface SampleParams {
  messages: { role: 'user' | 'assistant'; content: object | object[] }[];
  maxTokens: number;
  systemPrompt?: string;
  temperature?: number;
  stopSequences?: string[];
  modelPreferences?: object;
  includeContext?: 'none' | 'thisServer' | 'allServers';
  metadata?: object;
  tools?: object[];
  toolChoice?: object;
}

export interface SampleAnswer {
  role: 'user' | 'assistant';
  content: any;
  model: string;
  stopReason?: string;
}
