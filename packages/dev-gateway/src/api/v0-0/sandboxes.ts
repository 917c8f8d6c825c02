import {
  type CreateSandboxRequest,
  CreateSandboxRequestSchema,
  type OpenShell,
  SandboxSpecSchema,
  SandboxTemplateSchema,
} from '@openshell-ts/protocol/v0-0'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { createSandbox, type SandboxRequest, withDefaults } from '../../compute/create-sandbox.js'
import { structAt } from '../../compute/raw-struct.js'
import { checkPolicySafety, checkRuleNames } from '../../policies/check-policy.js'
import { checkEnvironmentKeysUnique, requireProviders } from '../../providers/provider-environment.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument } from '../../server/status-error.js'
import { generateName } from '../../store/generate-name.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { checkCreate } from './check-create.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toSandbox } from './to-sandbox.js'

/** What a client can do with sandboxes. */
export function sandboxHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, lifecycle } = context
  return {
    createSandbox: async (request, { requestBytes, signal }) => {
      const checked = checkedRequest(context, request, requestBytes)
      return { sandbox: toSandbox(await createSandbox(context, checked, signal)) }
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

function checkedRequest(context: ApiContext, request: CreateSandboxRequest, bytes: Uint8Array): SandboxRequest {
  if (!request.spec) throw invalidArgument('spec is required')
  const spec = withDefaults(request.spec, context.defaultImage)
  const driverConfig = structAt(bytes, [...templatePath, SandboxTemplateSchema.field.driverConfig.number])
  checkCreate({
    name: request.name,
    labels: request.labels,
    annotations: request.annotations,
    spec,
    resources: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.resources.number]),
    driverConfig,
  })
  const workspace = resolveOpenWorkspace(context.store.workspaces, request.workspace)
  checkEnvironmentKeysUnique(context.store, requireProviders(context.store, workspace, spec.providers))
  if (spec.policy) {
    checkRuleNames(spec.policy)
    checkPolicySafety(spec.policy)
  }
  const name =
    request.name || generateName((candidate) => context.store.sandboxes.find(workspace, candidate) !== undefined)
  return { name, workspace, labels: request.labels, annotations: request.annotations, spec, driverConfig }
}
