import { SandboxPolicySchema, SandboxSpecSchema } from '@openshell-ts/protocol/v0-1'
import { specProblems, toCreateSpec } from '../create-spec.js'
import { requireSandbox } from '../reply-sandbox.js'
import type { SandboxCalls } from '../sandbox-calls.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { listScope } from './list-scope.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'
import { toAuthorizationMode } from './service-calls.js'
import { workspaceScope } from './workspace-scope.js'

const DESCRIPTIONS = { policy: SandboxPolicySchema, spec: SandboxSpecSchema }

export function sandboxCalls(client: OpenShellServiceClient): SandboxCalls {
  return {
    specProblems: (spec) => specProblems(DESCRIPTIONS, spec),
    async create({ workspace, spec, driverConfig }, call) {
      const { name = '', labels = {}, annotations = {}, template = '', services = [] } = spec
      const request = {
        workspaceScope: workspaceScope(workspace),
        name,
        labels: { ...labels },
        annotations: { ...annotations },
        spec: toCreateSpec(DESCRIPTIONS, spec, driverConfig),
        workloadTemplate: template,
        serviceExposures: services.map(({ name: service = '', targetPort, authorization }) => ({
          service,
          targetPort,
          authorizationMode: toAuthorizationMode(authorization),
        })),
        requestId: call.requestId ?? '',
      }
      const { sandbox, serviceUrls } = await client.createSandbox(request, toCallOptions(call))
      return { info: toSandboxInfo(requireSandbox(sandbox)), serviceUrls }
    },
    async get(workspace, name, call) {
      const request = { workspaceScope: workspaceScope(workspace), name }
      const { sandbox } = await client.getSandbox(request, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    async list({ scope, ...page }, call) {
      const request = { workspaceScope: listScope(scope), ...page }
      const { sandboxes, nextPageToken } = await client.listSandboxes(request, toCallOptions(call))
      return { items: sandboxes.map(toSandboxInfo), nextPageToken }
    },
    async start({ workspace, name }, call) {
      const request = { workspaceScope: workspaceScope(workspace), name, requestId: call.requestId ?? '' }
      const { sandbox } = await client.startSandbox(request, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    async stop({ workspace, name }, call) {
      const request = { workspaceScope: workspaceScope(workspace), name, requestId: call.requestId ?? '' }
      const { sandbox } = await client.stopSandbox(request, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    async delete({ workspace, name }, call) {
      const requestId = call.requestId ?? ''
      const request = { workspaceScope: workspaceScope(workspace), name, allowMissing: true, requestId }
      const { outcome, sandboxId } = await client.deleteSandbox(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome), ...(sandboxId === '' ? {} : { sandboxId }) }
    },
  }
}
