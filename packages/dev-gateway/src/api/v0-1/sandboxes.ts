import {
  type CreateSandboxRequest,
  CreateSandboxRequestSchema,
  DeletionOutcome,
  type OpenShell,
  SandboxSpecSchema,
  SandboxTemplateSchema,
} from '@openshell-ts/protocol/v0-1'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { createSandbox, type SandboxRequest } from '../../compute/create-sandbox.js'
import { prepareSandbox } from '../../compute/prepare-sandbox.js'
import { structAt } from '../../compute/raw-struct.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { notFound, unimplemented } from '../../server/status-error.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox, lookUpSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { checkExposures, exposeAll } from './service-exposures.js'
import { toSandbox } from './to-sandbox.js'
import { fromLaterSpec } from './to-spec.js'
import { listScopeOf, openScopeOf } from './workspace-scope.js'

/** What a client can do with sandboxes. */
export function sandboxHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, lifecycle } = context
  return {
    createSandbox: async (request, { requestBytes, signal }) => {
      checkExposures(request.serviceExposures)
      const prepared = prepare(context, request, requestBytes)
      const row = await createSandbox(context, prepared, signal)
      return { sandbox: toSandbox(row), serviceUrls: exposeAll(context, row, request.serviceExposures) }
    },
    getSandbox: ({ workspaceScope, name }) => ({ sandbox: toSandbox(findSandbox(context, workspaceScope, name)) }),
    listSandboxes: (request) => {
      const workspace = listScopeOf(store.workspaces, request.workspaceScope)
      const matches = parseLabelSelector(request.labelSelector)
      const rows = store.sandboxes.list(workspace).filter((row) => matches(row.labels))
      const { items, nextPageToken } = pageOf(rows, request)
      return { sandboxes: items.map(toSandbox), nextPageToken }
    },
    deleteSandbox: async ({ workspaceScope, name, allowMissing }) => {
      const row = lookUpSandbox(context, workspaceScope, name)
      if (!row && allowMissing) return { outcome: DeletionOutcome.ALREADY_ABSENT }
      if (!row) throw notFound('sandbox not found')
      await lifecycle.delete(row.id)
      const outcome = store.sandboxes.get(row.id) ? DeletionOutcome.ACCEPTED : DeletionOutcome.COMPLETED
      return { outcome, sandboxId: row.id }
    },
    stopSandbox: async ({ workspaceScope, name }) => ({
      sandbox: toSandbox(await lifecycle.stop(findSandbox(context, workspaceScope, name).id)),
    }),
    startSandbox: async ({ workspaceScope, name }) => ({
      sandbox: toSandbox(await lifecycle.start(findSandbox(context, workspaceScope, name).id)),
    }),
  }
}

const templatePath = [CreateSandboxRequestSchema.field.spec.number, SandboxSpecSchema.field.template.number]

function prepare(context: ApiContext, request: CreateSandboxRequest, bytes: Uint8Array): SandboxRequest {
  if (request.workloadTemplate !== '')
    throw unimplemented('workload_template is not served by this development gateway')
  const { name, labels, annotations, spec, workspaceScope, awaitMainProcessAttachment } = request
  const prepared = prepareSandbox(context, {
    name,
    labels,
    annotations,
    spec: spec && fromLaterSpec(spec),
    resources: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.resources.number]),
    driverConfig: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.driverConfig.number]),
    resolveWorkspace: () => openScopeOf(context.store.workspaces, workspaceScope),
  })
  return { ...prepared, launch: { restartPolicy: spec?.restartPolicy ?? 0, awaitMainProcessAttachment } }
}
