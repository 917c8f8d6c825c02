import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import * as wire from '@openshell-ts/protocol/compute'
import type { ConfigGate } from '../contract/config-gate.js'
import type { DriverEngine } from '../engine/driver-engine.js'
import { type UnaryHandlers, unaryHandler } from './unary-handler.js'
import { watchHandler } from './watch-handler.js'

/** What answers the calls. */
export interface ComputeServiceParts extends UnaryHandlers {
  readonly engine: DriverEngine
  readonly gate: ConfigGate
  /** The one answer to GetCapabilities. */
  readonly capabilities: wire.GetCapabilitiesResponse
}

/** The compute contract, RPC by RPC. */
export function computeService(parts: ComputeServiceParts): UntypedServiceImplementation {
  return {
    ...handshake(parts),
    ...lifecycle(parts),
    ...workspaces(parts),
    watchSandboxes: watchHandler(() => parts.engine.watch(), parts.logger),
  }
}

function handshake(parts: ComputeServiceParts): UntypedServiceImplementation {
  const { engine, gate, capabilities } = parts
  return {
    getCapabilities: unaryHandler(parts, {
      doing: 'tell its capabilities',
      input: wire.GetCapabilitiesRequestSchema,
      output: wire.GetCapabilitiesResponseSchema,
      async answer(request) {
        gate.observe(request)
        return capabilities
      },
    }),
    getGatewayListenerRequirements: unaryHandler(parts, {
      doing: 'tell its listener requirements',
      input: wire.GetGatewayListenerRequirementsRequestSchema,
      output: wire.GetGatewayListenerRequirementsResponseSchema,
      answer: async () => ({ requirements: [] }),
    }),
    authenticateSandbox: unaryHandler(parts, {
      doing: 'authenticate the sandbox',
      input: wire.AuthenticateSandboxRequestSchema,
      output: wire.AuthenticateSandboxResponseSchema,
      answer: ({ credential }, signal) => engine.authenticate(credential, signal),
    }),
  }
}

function lifecycle(parts: ComputeServiceParts): UntypedServiceImplementation {
  const { engine } = parts
  return {
    validateSandboxCreate: unaryHandler(parts, {
      doing: 'validate the sandbox',
      input: wire.ValidateSandboxCreateRequestSchema,
      output: wire.ValidateSandboxCreateResponseSchema,
      async answer({ sandbox }, signal) {
        await engine.validate(sandbox, signal)
        return {}
      },
    }),
    createSandbox: unaryHandler(parts, {
      doing: 'create the sandbox',
      input: wire.CreateSandboxRequestSchema,
      output: wire.CreateSandboxResponseSchema,
      answer: async ({ sandbox }) => ({ runtimeIdentity: await engine.create(sandbox) }),
    }),
    getSandbox: unaryHandler(parts, {
      doing: 'get the sandbox',
      input: wire.GetSandboxRequestSchema,
      output: wire.GetSandboxResponseSchema,
      answer: async (request) => ({ sandbox: await engine.get(request) }),
    }),
    listSandboxes: unaryHandler(parts, {
      doing: 'list the sandboxes',
      input: wire.ListSandboxesRequestSchema,
      output: wire.ListSandboxesResponseSchema,
      answer: async () => ({ sandboxes: await engine.list() }),
    }),
    ...operations(parts),
  }
}

function operations(parts: ComputeServiceParts): UntypedServiceImplementation {
  const { engine } = parts
  return {
    stopSandbox: unaryHandler(parts, {
      doing: 'stop the sandbox',
      input: wire.StopSandboxRequestSchema,
      output: wire.StopSandboxResponseSchema,
      async answer(request) {
        await engine.stop(request)
        return {}
      },
    }),
    startSandbox: unaryHandler(parts, {
      doing: 'start the sandbox',
      input: wire.StartSandboxRequestSchema,
      output: wire.StartSandboxResponseSchema,
      async answer(request) {
        const { launchAuthentication, generationId } = request
        const material = {
          launchAuthentication: launchAuthentication.length === 0 ? undefined : launchAuthentication,
          generationId: generationId === '' ? undefined : generationId,
        }
        return { runtimeIdentity: await engine.start(request, material) }
      },
    }),
    deleteSandbox: unaryHandler(parts, {
      doing: 'delete the sandbox',
      input: wire.DeleteSandboxRequestSchema,
      output: wire.DeleteSandboxResponseSchema,
      answer: async (request) => ({ deleted: await engine.delete(request) }),
    }),
  }
}

function workspaces(parts: ComputeServiceParts): UntypedServiceImplementation {
  const { engine } = parts
  return {
    ensureWorkspace: unaryHandler(parts, {
      doing: 'prepare the workspace',
      input: wire.EnsureWorkspaceRequestSchema,
      output: wire.EnsureWorkspaceResponseSchema,
      async answer({ workspace }, signal) {
        await engine.workspace('ensureWorkspace', workspace, signal)
        return {}
      },
    }),
    deleteWorkspace: unaryHandler(parts, {
      doing: 'delete the workspace',
      input: wire.DeleteWorkspaceRequestSchema,
      output: wire.DeleteWorkspaceResponseSchema,
      async answer({ workspace }, signal) {
        await engine.workspace('deleteWorkspace', workspace, signal)
        return {}
      },
    }),
  }
}
