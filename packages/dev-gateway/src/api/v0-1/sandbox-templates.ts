import { create } from '@bufbuild/protobuf'
import {
  CreateSandboxTemplateRequestSchema,
  type OpenShell,
  type SandboxWorkloadTemplate,
  SandboxWorkloadTemplateSchema,
  SandboxWorkloadTemplateSpecSchema,
} from '@openshell-ts/protocol/v0-1'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { invalidArgument } from '../../errors/status-error.js'
import type { WorkloadTemplateRecord } from '../../records/workload-template.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { createTemplate, deleteTemplate, getTemplate } from '../../templates/workload-templates.js'
import { structAt } from '../../wire/raw-struct.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { pageOf } from './page-of.js'
import { toMetadata } from './to-metadata.js'
import { listScopeOf, openScopeOf, scopeOf } from './workspace-scope.js'

const envelopePath = [
  CreateSandboxTemplateRequestSchema.field.template.number,
  SandboxWorkloadTemplateSchema.field.spec.number,
  SandboxWorkloadTemplateSpecSchema.field.driverConfig.number,
]

/** What a client can do with templates of sandboxes. */
export function sandboxTemplateHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    createSandboxTemplate: ({ workspaceScope, template }, { requestBytes }) => {
      if (!template) throw invalidArgument('template is required')
      const { name = '', labels = {}, annotations = {} } = template.metadata ?? {}
      const driverConfig = structAt(requestBytes, envelopePath)
      const submitted = { name, labels, annotations, spec: template.spec, driverConfig }
      const record = createTemplate(store, submitted, () => openScopeOf(store.workspaces, workspaceScope))
      return { template: toTemplate(record) }
    },
    getSandboxTemplate: ({ workspaceScope, name }) => ({
      template: toTemplate(getTemplate(store, scopeOf(store.workspaces, workspaceScope), name)),
    }),
    listSandboxTemplates: (request) => {
      const scope = listScopeOf(store.workspaces, request.workspaceScope)
      const matches = parseLabelSelector(request.labelSelector)
      const records = store.workloadTemplates.list(scope).filter(({ value }) => matches(value.labels))
      const { items, nextPageToken } = pageOf(records, request, store)
      return { templates: items.map(toTemplate), nextPageToken }
    },
    deleteSandboxTemplate: ({ workspaceScope, name, allowMissing }) => {
      const deleted = deleteTemplate(store, scopeOf(store.workspaces, workspaceScope), name)
      return { outcome: deletionOutcome(deleted, allowMissing, `sandbox template '${name}' not found`) }
    },
  }
}

function toTemplate(record: WorkloadTemplateRecord): SandboxWorkloadTemplate {
  const { labels, annotations, spec } = record.value
  return create(SandboxWorkloadTemplateSchema, { metadata: { ...toMetadata(record), labels, annotations }, spec })
}
