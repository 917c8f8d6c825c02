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
      answer(request) {
        gate.observe(request)
        return capabilities
      },
    }),
    getGatewayListenerRequirements: unaryHandler(parts, {
      doing: 'tell its listener requirements',
      input: wire.GetGatewayListenerRequirementsRequestSchema,
      output: wire.GetGatewayListenerRequirementsResponseSchema,
      answer: () => ({ requirements: [] }),
    }),
    authenticateSandbox: unaryHandler(parts, {
      doing: 'authenticate the sandbox',
      input: wire.AuthenticateSandboxRequestSchema,
      output: wire.AuthenticateSandboxResponseSchema,
      answer: ({ credential }, cancelled) => engine.authenticate(credential, cancelled),
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
      answer: ({ sandbox }, cancelled) => whenKnown(engine.validate(sandbox, cancelled), () => ({})),
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
      answer: (request) => whenKnown(engine.get(request), (sandbox) => ({ sandbox })),
    }),
    listSandboxes: unaryHandler(parts, {
      doing: 'list the sandboxes',
      input: wire.ListSandboxesRequestSchema,
      output: wire.ListSandboxesResponseSchema,
      answer: () => whenKnown(engine.list(), (sandboxes) => ({ sandboxes: [...sandboxes] })),
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
      async answer({ workspace }, cancelled) {
        await engine.workspace('ensureWorkspace', workspace, cancelled)
        return {}
      },
    }),
    deleteWorkspace: unaryHandler(parts, {
      doing: 'delete the workspace',
      input: wire.DeleteWorkspaceRequestSchema,
      output: wire.DeleteWorkspaceResponseSchema,
      async answer({ workspace }, cancelled) {
        await engine.workspace('deleteWorkspace', workspace, cancelled)
        return {}
      },
    }),
  }
}

/** Goes on at once with a value that is there already. */
function whenKnown<Value, Result>(
  value: Value | Promise<Value>,
  toResult: (value: Value) => Result,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(toResult) : toResult(value)
}
