import { randomBytes } from 'node:crypto'
import { type ProviderProfile, ProviderProfileSchema } from '@openshell-ts/protocol/v0-0'
import { type DraftChunk, draftChunkCodec } from '../records/draft-chunk.js'
import type { ExposedService } from '../records/exposed-service.js'
import type { InferenceRoute } from '../records/inference-route.js'
import type { Member } from '../records/member.js'
import { type PolicyRevision, policyRevisionCodec } from '../records/policy-revision.js'
import type { Provider } from '../records/provider.js'
import type { ProviderReceipt } from '../records/provider-receipt.js'
import { plainJson, type RecordCodec } from '../records/record-codec.js'
import type { Refresh } from '../records/refresh.js'
import type { Settings } from '../records/settings.js'
import { type WorkloadTemplate, workloadTemplateCodec } from '../records/workload-template.js'
import { messageFromText, messageToText } from '../wire/message-text.js'
import { RecordStore } from './record-store.js'
import { ReplayBuffer } from './replay-buffer.js'
import { RequestLog } from './request-log.js'
import { SandboxStore } from './sandbox-store.js'
import type { StateDirectory } from './state-directory.js'
import { WorkspaceStore } from './workspace-store.js'

/** A platform event of a driver, as clients see it. */
export interface PlatformEventRecord {
  readonly timestampMs: bigint
  readonly source: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly metadata: Readonly<Record<string, string>>
}

/** One line of a sandbox's log. */
export interface LogLineRecord {
  readonly timestampMs: bigint
  readonly level: string
  readonly target: string
  readonly message: string
  /** `gateway` for the gateway's own lines, `sandbox` for those that its supervisor pushed. */
  readonly source: string
  readonly fields: Readonly<Record<string, string>>
}

/** Everything that the gateway remembers. */
export interface GatewayStore {
  readonly sandboxes: SandboxStore
  readonly workspaces: WorkspaceStore
  /** Scope: the workspace. */
  readonly providers: RecordStore<Provider>
  /** Scope: the workspace, empty for the platform; name: the profile's id. */
  readonly providerProfiles: RecordStore<ProviderProfile>
  /** Scope: the provider's id; name: the credential's. */
  readonly providerRefreshes: RecordStore<Refresh>
  /** Scope: the sandbox's id; name: the receipt's id. */
  readonly providerReceipts: RecordStore<ProviderReceipt>
  /** Scope: the workspace; name: the subject. */
  readonly members: RecordStore<Member>
  /** Scope: the workspace; name: the route's. */
  readonly inferenceRoutes: RecordStore<InferenceRoute>
  /** Scope: the sandbox's id, empty for the gateway's own policy. */
  readonly policies: RecordStore<PolicyRevision>
  /** Scope: the sandbox's id, empty for the gateway's own settings. */
  readonly settings: RecordStore<Settings>
  /** Scope: the sandbox's id. */
  readonly draftChunks: RecordStore<DraftChunk>
  /** Scope: the workspace. */
  readonly services: RecordStore<ExposedService>
  /** Scope: the workspace. */
  readonly workloadTemplates: RecordStore<WorkloadTemplate>
  readonly platformEvents: ReplayBuffer<PlatformEventRecord>
  readonly logs: ReplayBuffer<LogLineRecord>
  /** Names this run of the gateway: positions in logs and platform events mean nothing in another one. */
  readonly run: string
  /** Calls with ids, which have one effect. */
  readonly requests: RequestLog
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Keeps nothing of what is written from now on: a gateway that has ended changes no state. */
  close(): void
}

/** What a store begins with. */
export interface KeptState {
  /** Keeps what is written, and gives what it has kept. */
  readonly directory?: StateDirectory | undefined
  /** The store of an earlier run in this process, for gateways without a directory. Platform events and logs end with a run. */
  readonly earlier?: GatewayStore | undefined
}

/** Creates a store with the default workspace, and with what was kept. */
export function createGatewayStore(now: () => number, { directory, earlier }: KeptState = {}): GatewayStore {
  const saved = directory?.load() ?? {
    sandboxes: earlier?.sandboxes.list() ?? [],
    workspaces: earlier?.workspaces.list() ?? [],
  }
  const records = <Value>(
    kind: string,
    before: RecordStore<Value> | undefined,
    codec: RecordCodec<Value> = plainJson(),
  ) => new RecordStore<Value>({ now, saved: before?.list() ?? [], ...directory?.records(kind, codec) })
  const requests = new RequestLog(directory?.requestLogPath, earlier?.requests.list())
  return {
    sandboxes: new SandboxStore(now, saved.sandboxes, directory),
    workspaces: new WorkspaceStore(now, saved.workspaces, directory),
    providers: records('providers', earlier?.providers),
    providerProfiles: records('provider-profiles', earlier?.providerProfiles, profileCodec),
    providerRefreshes: records('provider-refreshes', earlier?.providerRefreshes),
    providerReceipts: records('provider-receipts', earlier?.providerReceipts),
    members: records('workspace-members', earlier?.members),
    inferenceRoutes: records('inference-routes', earlier?.inferenceRoutes),
    policies: records('policies', earlier?.policies, policyRevisionCodec),
    settings: records('settings', earlier?.settings),
    draftChunks: records('draft-chunks', earlier?.draftChunks, draftChunkCodec),
    services: records('services', earlier?.services),
    workloadTemplates: records('sandbox-templates', earlier?.workloadTemplates, workloadTemplateCodec),
    platformEvents: new ReplayBuffer(50),
    logs: new ReplayBuffer(2000),
    run: randomBytes(8).toString('hex'),
    requests,
    now,
    close() {
      directory?.close()
      requests.close()
    },
  }
}

const profileCodec: RecordCodec<ProviderProfile> = {
  toJson: (profile) => messageToText(ProviderProfileSchema, profile),
  fromJson: (text) => messageFromText(ProviderProfileSchema, text),
}

/** Removes a sandbox and all that belongs to it. Returns `false` when there was none. */
export function removeSandbox(store: GatewayStore, id: string): boolean {
  const removed = store.sandboxes.remove(id)
  store.policies.removeScope(id)
  store.settings.removeScope(id)
  store.draftChunks.removeScope(id)
  store.providerReceipts.removeScope(id)
  store.services.removeWhere(({ value }) => value.sandboxId === id)
  store.platformEvents.forget(id)
  store.logs.forget(id)
  return removed
}
