import { alreadyExists, invalidArgument, notFound } from '../errors/status-error.js'
import { type WorkloadTemplateRecord, withEnvelopeBytes } from '../records/workload-template.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { checkTemplate, type TemplateCheckInput } from './check-template.js'

/**
 * Stores a template in the workspace that `resolveWorkspace` finds once the fields are known to be right.
 *
 * @throws StatusError INVALID_ARGUMENT for fields that cannot be kept, ALREADY_EXISTS for a name in use.
 */
export function createTemplate(
  { workloadTemplates }: GatewayStore,
  submitted: TemplateCheckInput,
  resolveWorkspace: () => string,
): WorkloadTemplateRecord {
  checkTemplate(submitted)
  const { name, labels, annotations, spec, driverConfig } = submitted
  if (!spec) throw invalidArgument('template.spec is required')
  const kept = { labels, annotations, spec: withEnvelopeBytes(spec, driverConfig), driverConfig }
  const record = workloadTemplates.insert(resolveWorkspace(), name, kept)
  if (!record) throw alreadyExists(`sandbox template '${name}' already exists`)
  return record
}

/**
 * The template with this name in a workspace.
 *
 * @throws StatusError NOT_FOUND without one, INVALID_ARGUMENT for an empty name.
 */
export function getTemplate(
  { workloadTemplates }: GatewayStore,
  workspace: string,
  name: string,
): WorkloadTemplateRecord {
  if (name === '') throw invalidArgument('name is required')
  const record = workloadTemplates.find(workspace, name)
  if (!record) throw notFound(`sandbox template '${name}' not found`)
  return record
}

/** Deletes a template; sandboxes that were made from it stay. Answers whether there was one. */
export function deleteTemplate({ workloadTemplates }: GatewayStore, workspace: string, name: string): boolean {
  if (name === '') throw invalidArgument('name is required')
  const record = workloadTemplates.find(workspace, name)
  return record !== undefined && workloadTemplates.remove(record.id)
}
