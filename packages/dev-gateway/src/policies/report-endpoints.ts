import type { NetworkEndpoint, SandboxPolicy } from '@openshell-ts/protocol/v0-0'
import { EndpointResult } from '@openshell-ts/protocol/v0-1'
import { checkEntryCount, checkLength } from '../checks/check-text.js'
import { invalidArgument } from '../errors/status-error.js'
import type {
  EndpointFailureRecord,
  EndpointStatusRecord,
  TokenGrantFailureRecord,
} from '../records/endpoint-status.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { readSandboxConfig } from './sandbox-config.js'

/** How requests to endpoints went since the last report. */
export interface EndpointReport {
  /** What the report is about: one about another policy or other variables than the present ones is dropped. */
  readonly policyHash: string
  readonly providerEnvRevision: bigint
  readonly observations: readonly {
    readonly endpointId: string
    readonly result: EndpointResult
    readonly failure?: EndpointFailureRecord | undefined
  }[]
  /** All endpoints that the supervisor looks at; statuses of others go. Empty leaves them. */
  readonly observedEndpointIds: readonly string[]
  /** Absent leaves what is known. */
  readonly tokenGrantStatus?: { readonly lastFailure?: TokenGrantFailureRecord | undefined } | undefined
}

const endpointLimit = 1_000
const idLimit = 1_024

/**
 * The id under which a supervisor reports on an endpoint: `host:port,port/path`. No text says how ids are made; one of another form
 * is shown as it is, without host, ports and path.
 */
export function endpointId({
  host,
  path,
  ...endpoint
}: Pick<NetworkEndpoint, 'host' | 'port' | 'ports' | 'path'>): string {
  return `${host}:${portsOf(endpoint).join(',')}${path}`
}

/**
 * Writes down in a sandbox's status how requests to its endpoints went.
 *
 * @throws StatusError INVALID_ARGUMENT for more endpoints than a policy can mean.
 */
export function reportEndpoints(store: GatewayStore, row: SandboxRow, report: EndpointReport): void {
  checkReport(report)
  const { policy, environmentRevision } = readSandboxConfig(store, row)
  if (report.policyHash !== policy.hash || report.providerEnvRevision !== environmentRevision) return
  const endpointStatuses = mergeStatuses(row.status.endpointStatuses ?? [], report, policy.policy, store.now())
  const { tokenGrantStatus } = report
  const lastTokenGrantFailure = tokenGrantStatus ? tokenGrantStatus.lastFailure : row.status.lastTokenGrantFailure
  store.sandboxes.update(row.id, { status: { ...row.status, endpointStatuses, lastTokenGrantFailure } })
}

function checkReport({ observations, observedEndpointIds }: EndpointReport): void {
  checkEntryCount('observations', observations.length, endpointLimit)
  checkEntryCount('observed_endpoint_ids', observedEndpointIds.length, endpointLimit)
  for (const { endpointId: id } of observations) {
    if (id === '') throw invalidArgument('observations.endpoint_id is required')
    checkLength('observations.endpoint_id', id, idLimit)
  }
  for (const id of observedEndpointIds) checkLength('observed_endpoint_ids', id, idLimit)
}

function mergeStatuses(
  present: readonly EndpointStatusRecord[],
  { observations, observedEndpointIds }: EndpointReport,
  policy: SandboxPolicy | undefined,
  nowMs: number,
): EndpointStatusRecord[] {
  const statuses = new Map(present.map((status) => [status.endpointId, status]))
  for (const id of observedEndpointIds) {
    if (!statuses.has(id)) statuses.set(id, newStatus(id, policy))
  }
  for (const { endpointId: id, result: lastResult, failure } of observations) {
    const known = statuses.get(id) ?? newStatus(id, policy)
    statuses.set(id, { ...known, lastResult, lastReportedAtMs: nowMs, lastFailure: failure })
  }
  const observed = new Set([...observedEndpointIds, ...observations.map((one) => one.endpointId)])
  const all = [...statuses.values()]
  const kept = observedEndpointIds.length === 0 ? all : all.filter((status) => observed.has(status.endpointId))
  return kept.slice(-endpointLimit)
}

function newStatus(id: string, policy: SandboxPolicy | undefined): EndpointStatusRecord {
  const endpoints = Object.values(policy?.networkPolicies ?? {}).flatMap((rule) => rule.endpoints)
  const endpoint = endpoints.find((one) => endpointId(one) === id)
  return {
    endpointId: id,
    host: endpoint?.host ?? '',
    ports: endpoint ? portsOf(endpoint) : [],
    path: endpoint?.path ?? '',
    lastResult: EndpointResult.NO_OBSERVED_EXCHANGE,
    lastReportedAtMs: 0,
  }
}

function portsOf({ port, ports }: Pick<NetworkEndpoint, 'port' | 'ports'>): readonly number[] {
  return ports.length > 0 ? ports : [port]
}
