import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { CommandEvent } from '../commands/command-event.js'
import type { CurrentUser, GatewayHealth, GatewayInfo } from '../gateway-info.js'
import type { SandboxInfo } from '../sandbox-info.js'
import type { SandboxCreateSpec } from '../template.js'
import type { LogLine, PlatformEvent } from '../watch/watch-event.js'
import type { StatusDetails } from './status-details.js'

/** How one call is sent. */
export interface WireCall {
  /** Ends the call when it aborts. */
  readonly signal: AbortSignal
  /** Deadline of the call, sent along to the gateway; absent means none. */
  readonly timeoutMs?: number | undefined
}

/** A sandbox by all its names: line 0.0 refers to it by name in some calls and by id in others. */
export interface SandboxAddress {
  readonly workspace: string
  readonly name: string
  readonly id: string
}

/** A create as it goes on the wire: the envelope is plain JSON and has been measured. */
export interface CreateRequest {
  readonly workspace: string
  readonly spec: Omit<SandboxCreateSpec, 'driverConfig'>
  readonly driverConfig?: JsonObject | undefined
}

/** One page of a list. */
export interface ListRequest {
  readonly workspace: string
  readonly labelSelector: string
  readonly pageSize: number
  /** Token of the page before; empty for the first page. */
  readonly pageToken: string
}

/** One page, with the token of the next one; empty after the last. */
export interface ListPage {
  readonly items: readonly SandboxInfo[]
  readonly nextPageToken: string
}

/** A command as it goes on the wire. */
export interface ExecRequest {
  readonly command: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly stdin: Uint8Array
  /** Limit of the remote command in milliseconds; 0 means none. */
  readonly timeoutMs: number
}

/** What a watch follows. */
export interface WatchRequest {
  readonly status: boolean
  readonly logs: boolean
  readonly events: boolean
  /** How many earlier log lines to replay; the gateway takes 0 for its default. */
  readonly logTailLines: number
  /** How many earlier platform events to replay; 0 means none. */
  readonly eventTail: number
  readonly logSources: readonly string[]
  readonly minimumLogLevel: string
}

/** What a watch delivers. */
export type WireWatchEvent =
  | { readonly type: 'status'; readonly info: SandboxInfo }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'platform-event'; readonly event: PlatformEvent }

/** What the gateway answered to a delete. */
export interface DeleteReply {
  readonly outcome: 'completed' | 'accepted' | 'unknown'
}

/**
 * Everything that a client says to a gateway, in the words of this package. Each wire line implements it once; nothing
 * outside `wire/` sees a generated message.
 */
export interface WireCodec {
  health(call: WireCall): Promise<GatewayHealth>
  currentUser(call: WireCall): Promise<CurrentUser>
  gatewayInfo(call: WireCall): Promise<GatewayInfo>
  createSandbox(request: CreateRequest, call: WireCall): Promise<SandboxInfo>
  getSandbox(workspace: string, name: string, call: WireCall): Promise<SandboxInfo>
  listSandboxes(request: ListRequest, call: WireCall): Promise<ListPage>
  startSandbox(address: SandboxAddress, call: WireCall): Promise<SandboxInfo>
  stopSandbox(address: SandboxAddress, call: WireCall): Promise<SandboxInfo>
  deleteSandbox(address: SandboxAddress, call: WireCall): Promise<DeleteReply>
  exec(address: SandboxAddress, request: ExecRequest, call: WireCall): AsyncIterable<CommandEvent>
  watch(address: SandboxAddress, request: WatchRequest, call: WireCall): AsyncIterable<WireWatchEvent>
  /** Decodes `grpc-status-details-bin`; empty details when it disagrees with the status of the call, or does not decode. */
  decodeDetails(header: string, code: number, message: string): StatusDetails
}
