import type { ClientContext } from '../calls/client-context.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { violation } from '../checks/check-text.js'
import { flag } from '../checks/option-shapes.js'
import { requireNames } from '../checks/require-arguments.js'
import { throwViolations } from '../checks/throw-violations.js'
import { orUndefined } from '../errors/absence.js'
import type { DeleteResult } from '../model/delete-result.js'
import type {
  InferenceRouteInfo,
  InferenceRouteName,
  InferenceRouteSetResult,
  InferenceRouteSpec,
} from '../model/inference-route.js'

const SPEC_KEYS = [
  'providerName',
  'modelId',
  'timeoutMs',
  'verify',
] as const satisfies readonly (keyof InferenceRouteSpec)[]

/** Where the requests for models of one workspace go. Gateways of line 0.0 only; kind `unsupported` on line 0.1. */
export class InferenceRoutes {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** Sets a route. Throws kind `failed-precondition` for an unknown provider, and for an endpoint that does not work. */
  async set(
    name: InferenceRouteName,
    spec: InferenceRouteSpec,
    options: ChangeOptions = {},
  ): Promise<InferenceRouteSetResult> {
    const { signal, requestId } = checkOptions('inference.set, options', options, CHANGE_OPTIONS)
    requireNames('inference.set', { name })
    checkOptions('inference.set', spec, SPEC_KEYS, { verify: flag })
    requireNames('inference.set', { providerName: spec.providerName, modelId: spec.modelId })
    const { timeoutMs = 0 } = spec
    if (!(timeoutMs >= 0 && Number.isFinite(timeoutMs))) {
      const description = 'must be a number of milliseconds from 0'
      throwViolations('SetInferenceRoute', [violation('timeoutMs', 'OUT_OF_RANGE', description)])
    }
    return this.#context.gateway.mutate({ rpc: 'SetInferenceRoute', signal, requestId }, (codec, call) =>
      codec.inference.set(this.#address(name), spec, call),
    )
  }

  /** Reads a route. Throws kind `not-found` when it is not set. */
  async get(name: InferenceRouteName, options: RequestOptions = {}): Promise<InferenceRouteInfo> {
    const { signal } = checkOptions('inference.get', options, REQUEST_OPTIONS)
    requireNames('inference.get', { name })
    return this.#context.gateway.read({ rpc: 'GetInferenceRoute', signal }, (codec, call) =>
      codec.inference.get(this.#address(name), call),
    )
  }

  /** Reads a route, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  tryGet(name: InferenceRouteName, options: RequestOptions = {}): Promise<InferenceRouteInfo | undefined> {
    return orUndefined(this.get(name, options))
  }

  /** Takes a route away; one that is not set is a result, not an error. */
  async delete(name: InferenceRouteName, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('inference.delete', options, CHANGE_OPTIONS)
    requireNames('inference.delete', { name })
    return this.#context.gateway.mutate({ rpc: 'DeleteInferenceRoute', signal, requestId }, (codec, call) =>
      codec.inference.delete(this.#address(name), call),
    )
  }

  #address(routeName: string) {
    return { workspace: this.#workspace, routeName }
  }
}
