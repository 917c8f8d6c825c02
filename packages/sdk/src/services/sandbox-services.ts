import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { type NamedSandbox, SameSandbox } from '../calls/same-sandbox.js'
import { checkOptions } from '../checks/check-options.js'
import { checkServiceSpec } from '../checks/check-service-spec.js'
import { text } from '../checks/option-shapes.js'
import { refuseUnknownOptions } from '../checks/refuse-unknown-options.js'
import { requireArguments } from '../checks/require-arguments.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import { orUndefined } from '../errors/absence.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { ServiceInfo, ServiceSpec } from '../model/service-info.js'
import type { ServiceAddress } from '../wire/service-calls.js'

/** The exposed services of one sandbox. */
export class SandboxServices {
  readonly #context: ClientContext
  readonly #workspace: string
  readonly #sandboxName: string
  readonly #calls: SameSandbox

  /** @internal Comes with a sandbox, and from `workspace.services.of(sandboxName)`. */
  constructor(context: ClientContext, sandbox: NamedSandbox) {
    this.#context = context
    this.#workspace = sandbox.workspace
    this.#sandboxName = sandbox.name
    this.#calls = new SameSandbox(context.gateway, sandbox)
  }

  /** Exposes a port. A service of the same name is replaced. Throws kind `not-found` without the sandbox. */
  async expose(spec: ServiceSpec, options: ChangeOptions = {}): Promise<ServiceInfo> {
    checkOptions('services.expose, options', options, CHANGE_OPTIONS)
    refuseUnknownOptions('services.expose, spec', spec, ['name', 'targetPort', 'authorization'])
    runClientChecks(this.#context, 'ExposeService', () => checkServiceSpec('', spec))
    const address = this.#address(spec.name)
    return this.#calls.mutate(this.#change('ExposeService', options), (codec, call) =>
      codec.services.expose(address, spec, call),
    )
  }

  /** Reads a service; no name means the unnamed one. Throws kind `not-found` when there is none. */
  async get(name = '', options: RequestOptions = {}): Promise<ServiceInfo> {
    const { signal } = checkOptions('services.get', options, REQUEST_OPTIONS)
    return this.#calls.read(this.#scope('GetService', signal), (codec, call) =>
      codec.services.get(this.#address(name), call),
    )
  }

  /** Reads a service, or returns undefined when it or its sandbox is missing. */
  tryGet(name = '', options: RequestOptions = {}): Promise<ServiceInfo | undefined> {
    return orUndefined(this.get(name, options))
  }

  /** Lists the services; the signal belongs to all of the reading. */
  list(options: ListOptions = {}): Pager<ServiceInfo> {
    checkOptions('services.list', options, LIST_OPTIONS)
    const request = { scope: { workspace: this.#workspace }, sandboxName: this.#sandboxName }
    return listPages(
      this.#calls,
      this.#scope('ListServices'),
      options,
      (codec, page, call) => codec.services.list({ ...request, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Takes a service back; no name means the unnamed one. A missing one is a result, not an error. */
  async delete(name = '', options: ChangeOptions = {}): Promise<DeleteResult> {
    checkOptions('services.delete', options, CHANGE_OPTIONS)
    const address = this.#address(name)
    return this.#calls.mutate(this.#change('DeleteService', options), (codec, call) =>
      codec.services.delete(address, call),
    )
  }

  #address(name = ''): ServiceAddress {
    requireArguments('services', { name: [name, text] })
    return { workspace: this.#workspace, sandboxName: this.#sandboxName, name }
  }

  #change(rpc: string, { signal, requestId }: ChangeOptions) {
    return { ...this.#scope(rpc, signal), requestId }
  }

  #scope(rpc: string, signal?: AbortSignal) {
    return { rpc, sandboxName: this.#sandboxName, signal }
  }
}
