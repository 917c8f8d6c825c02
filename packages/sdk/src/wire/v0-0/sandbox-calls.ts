import { SandboxPolicySchema, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { specProblems, toCreateSpec } from '../create-spec.js'
import { requirePatch } from '../feature-floors.js'
import { requireSandbox } from '../reply-sandbox.js'
import type { SandboxCalls } from '../sandbox-calls.js'
import { needsLine01 } from '../unsupported.js'
import { toOffset, toPage } from './offset-page.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'

const DESCRIPTIONS = { policy: SandboxPolicySchema, spec: SandboxSpecSchema }

export function sandboxCalls(client: OpenShellServiceClient, version: string): SandboxCalls {
  return {
    specProblems: (spec) => specProblems(DESCRIPTIONS, spec),
    async create({ workspace, spec, driverConfig }, call) {
      const { name = '', labels = {}, annotations = {}, template, services = [] } = spec
      if (template !== undefined) needsLine01('Creating a sandbox from a stored template')
      if (services.length > 0) needsLine01('Exposing services while a sandbox is created')
      if (spec.command?.length || spec.tty) requirePatch('A main process of your own (command, tty)', 111, version)
      const wireSpec = toCreateSpec(DESCRIPTIONS, spec, driverConfig)
      const request = { workspace, name, labels, annotations, spec: wireSpec }
      const { sandbox } = await client.createSandbox(request, toCallOptions(call))
      return { info: toSandboxInfo(requireSandbox(sandbox)), serviceUrls: {} }
    },
    async get(workspace, name, call) {
      const { sandbox } = await client.getSandbox({ workspace, name }, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    async list({ scope, labelSelector, ...page }, call) {
      const request = { ...scope, labelSelector, ...toOffset(page) }
      const { sandboxes } = await client.listSandboxes(request, toCallOptions(call))
      return toPage(sandboxes, page, toSandboxInfo)
    },
    async start({ workspace, name }, call) {
      const { sandbox } = await client.startSandbox({ workspace, name }, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    async stop({ workspace, name }, call) {
      const { sandbox } = await client.stopSandbox({ workspace, name }, toCallOptions(call))
      return toSandboxInfo(requireSandbox(sandbox))
    },
    // `deleted: false` means that the driver had nothing, and that the record is gone at once.
    async delete({ workspace, name, id }, call) {
      const { deleted } = await client.deleteSandbox({ workspace, name }, toCallOptions(call))
      return { outcome: deleted ? 'accepted' : 'completed', sandboxId: id }
    },
  }
}
