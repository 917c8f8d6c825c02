import { invalidArgument, notFound } from '../errors/status-error.js'
import type { ExposedService, ExposedServiceRecord } from '../records/exposed-service.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'

const nameLimit = 28

/** Which service of which sandbox. */
export interface ServiceReference {
  readonly sandbox: string
  /** Empty for the unnamed one. */
  readonly service: string
}

/** @throws StatusError INVALID_ARGUMENT for names that cannot be part of a URL's host. */
export function checkServiceReference({ sandbox, service }: ServiceReference): void {
  if (sandbox === '') throw invalidArgument('sandbox is required')
  checkHostPart('sandbox', sandbox)
  if (service !== '') checkHostPart('service', service)
}

/** @throws StatusError INVALID_ARGUMENT for a name that cannot be part of a URL's host. */
export function checkHostPart(field: string, name: string): void {
  if (name.length > nameLimit) {
    throw invalidArgument(`${field} must be at most ${nameLimit} characters for sandbox service routing`)
  }
  if (name.includes('--')) throw invalidArgument(`${field} must not contain '--'`)
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) throw invalidArgument(`${field} must be a lowercase DNS label`)
}

/** @throws StatusError INVALID_ARGUMENT for what is no port. */
export function checkTargetPort(port: number): void {
  if (port < 1 || port > 65_535) throw invalidArgument('target_port must be in 1..=65535')
}

/** Gives a port of a sandbox a URL. A service of that name gets the new port. */
export function exposeService(
  { services }: GatewayStore,
  row: SandboxRow,
  serviceName: string,
  targetPort: number,
  options: Pick<ExposedService, 'passesAuthorization'> = {},
): ExposedServiceRecord {
  const name = serviceKey({ sandbox: row.name, service: serviceName })
  const value = { sandboxId: row.id, sandboxName: row.name, serviceName, targetPort, ...options }
  const present = services.find(row.workspace, name)
  const record = present ? services.update(present.id, value) : services.insert(row.workspace, name, value)
  if (!record) throw notFound('service endpoint not found')
  return record
}

/** The service that is meant; absent when there is none. */
export function findService(
  { services }: GatewayStore,
  workspace: string,
  reference: ServiceReference,
): ExposedServiceRecord | undefined {
  return services.find(workspace, serviceKey(reference))
}

/** The service that is meant. Throws NOT_FOUND without one. */
export function getService(store: GatewayStore, workspace: string, reference: ServiceReference): ExposedServiceRecord {
  const record = findService(store, workspace, reference)
  if (!record) throw notFound('service endpoint not found')
  return record
}

/** The services of a workspace, or of all, of one sandbox when its name is not empty. */
export function listServices(
  { services }: GatewayStore,
  workspace: string | undefined,
  sandbox: string,
): ExposedServiceRecord[] {
  return services.list(workspace).filter(({ value }) => sandbox === '' || value.sandboxName === sandbox)
}

/** Takes a service's URL away. Answers whether there was one. */
export function deleteService({ services }: GatewayStore, workspace: string, reference: ServiceReference): boolean {
  const record = services.find(workspace, serviceKey(reference))
  return record !== undefined && services.remove(record.id)
}

/** Where a service is reached, on the gateway's own port. */
export function serviceUrl(
  { scope, value }: ExposedServiceRecord,
  address: { readonly port: number; readonly scheme: string },
): string {
  const host = [scope, value.sandboxName, ...(value.serviceName === '' ? [] : [value.serviceName])].join('--')
  return `${address.scheme}://${host}.openshell.localhost:${address.port}/`
}

function serviceKey({ sandbox, service }: ServiceReference): string {
  return service === '' ? sandbox : `${sandbox}--${service}`
}
