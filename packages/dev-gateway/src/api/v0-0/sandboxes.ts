import {
  type CreateSandboxRequest,
  CreateSandboxRequestSchema,
  type OpenShell,
  SandboxSpecSchema,
  SandboxTemplateSchema,
} from '@openshell-ts/protocol/v0-0'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { createSandbox, type SandboxRequest } from '../../compute/create-sandbox.js'
import { prepareSandbox } from '../../compute/prepare-sandbox.js'
import { invalidArgument } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { structAt } from '../../wire/raw-struct.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toSandbox } from './to-sandbox.js'

/** What a client can do with sandboxes. */
export function sandboxHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, lifecycle } = context
  return {
    createSandbox: async (request, { requestBytes, signal }) => {
      const prepared = prepare(context, request, requestBytes)
      return { sandbox: toSandbox(await createSandbox(context, prepared, signal)) }
    },
    getSandbox: (request) => ({ sandbox: toSandbox(findSandbox(context, request)) }),
    listSandboxes: (request) => {
      if (request.allWorkspaces && request.workspace !== '') {
        throw invalidArgument('all_workspaces and workspace are mutually exclusive')
      }
      const workspace = request.allWorkspaces ? undefined : resolveWorkspace(store.workspaces, request.workspace)
      const matches = parseLabelSelector(request.labelSelector)
      const rows = store.sandboxes.list(workspace).filter((row) => matches(row.labels))
      return { sandboxes: pageOf(rows, request).map(toSandbox) }
    },
    deleteSandbox: async (request) => ({ deleted: await lifecycle.delete(findSandbox(context, request).id) }),
    stopSandbox: async (request) => ({
      sandbox: toSandbox(await lifecycle.stop(findSandbox(context, request).id)),
    }),
    startSandbox: async (request) => ({
      sandbox: toSandbox(await lifecycle.start(findSandbox(context, request).id)),
    }),
  }
}

const templatePath = [CreateSandboxRequestSchema.field.spec.number, SandboxSpecSchema.field.template.number]

function prepare(context: ApiContext, request: CreateSandboxRequest, bytes: Uint8Array): SandboxRequest {
  return prepareSandbox(context, {
    name: request.name,
    labels: request.labels,
    annotations: request.annotations,
    spec: request.spec,
    resources: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.resources.number]),
    driverConfig: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.driverConfig.number]),
    resolveWorkspace: () => resolveOpenWorkspace(context.store.workspaces, request.workspace),
  })
}
