import type { EndpointStatusRecord, TokenGrantFailureRecord } from '../../records/endpoint-status.js'
import type { RowStatus } from '../../records/sandbox-row.js'
import { toTimestamp } from './to-timestamp.js'

/** What a sandbox's supervisor told about its endpoints, as the status of line 0.1 shows it. */
export function toEndpointStatuses({
  endpointStatuses = [],
  lastTokenGrantFailure,
}: Pick<RowStatus, 'endpointStatuses' | 'lastTokenGrantFailure'>) {
  return {
    endpointStatuses: endpointStatuses.map(toEndpointStatus),
    ...(lastTokenGrantFailure && { lastTokenGrantFailure: withoutAbsentFailure(lastTokenGrantFailure) }),
  }
}

function toEndpointStatus({ lastReportedAtMs, ports, lastFailure, ...status }: EndpointStatusRecord) {
  const lastReportedTime = toTimestamp(lastReportedAtMs)
  return {
    ...status,
    ports: [...ports],
    ...(lastReportedTime && { lastReportedTime }),
    ...(lastFailure && { lastFailure }),
  }
}

function withoutAbsentFailure({ failure, ...destination }: TokenGrantFailureRecord) {
  return { ...destination, ...(failure && { failure }) }
}
