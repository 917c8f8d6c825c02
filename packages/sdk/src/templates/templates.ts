import type { DriverConfigChecker } from '@openshell-ts/driver-config/envelope'
import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { readLabelSelector } from '../calls/read-label-selector.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { object, record, text } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import type { ActiveDriverFinder } from '../driver-config/active-driver.js'
import { checkEnvelope } from '../driver-config/check-envelope.js'
import { classifyRefusal } from '../driver-config/classify-refusal.js'
import { prepareEnvelope } from '../driver-config/prepare-envelope.js'
import { refuseUncheckedBlocks } from '../driver-config/refuse-unchecked-blocks.js'
import type { SandboxWarning } from '../driver-config/sandbox-warning.js'
import { orUndefined } from '../errors/absence.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { WorkloadTemplateInfo, WorkloadTemplateSpec } from '../model/workload-template.js'
import { checkTemplateSpec } from './check-template-spec.js'

const SPEC_KEYS = [
  'image',
  'environment',
  'resources',
  'gpu',
  'driverConfig',
  'startup',
  'labels',
  'annotations',
] as const satisfies readonly (keyof WorkloadTemplateSpec)[]
const SPEC_SHAPES = { image: text, resources: object, driverConfig: record, startup: object }

/** How a template is stored. */
export interface TemplateCreateOptions extends ChangeOptions {
  /**
   * Checks blocks of `driverConfig` before they are sent: configs of drivers, declared or loaded from their bundles. What they find
   * becomes warnings, because the driver decides. @default []
   */
  readonly checkers?: readonly DriverConfigChecker[]
  /**
   * What an error of a checker does. `refuse` throws it as a `DriverConfigRejectedError` before anything is sent, when the block is
   * the active driver's; a driver that is newer than its checker may know better. Blocks of other drivers, and of an active driver
   * whose key is not known, give warnings. Refused without `checkers`. @default 'warn'
   */
  readonly onBlockIssue?: 'warn' | 'refuse'
  /** Receives each warning before anything is sent. */
  readonly onWarning?: (warning: SandboxWarning) => void
}

/** Which templates are listed. */
export interface TemplateListOptions extends ListOptions {
  /** At most 64 `key=value` pairs, separated by commas, that must all match; empty means all. @default '' */
  readonly labelSelector?: string
}

/**
 * The stored templates of one workspace, from which `sandboxes.create({ template })` makes sandboxes. From gateway 0.1.0;
 * everything here throws kind `unsupported` on line 0.0. Changing them is for administrators of the workspace.
 */
export class Templates {
  readonly #context: ClientContext
  readonly #workspace: string
  readonly #activeDriver: ActiveDriverFinder

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string, activeDriver: ActiveDriverFinder) {
    this.#context = context
    this.#workspace = workspace
    this.#activeDriver = activeDriver
  }

  /** Stores a template. Throws kind `already-exists` for a name in use. All problems are reported at once. */
  async create(
    name: string,
    spec: WorkloadTemplateSpec,
    options: TemplateCreateOptions = {},
  ): Promise<WorkloadTemplateInfo> {
    requireArguments('templates.create', { name: [name, text] })
    checkOptions('templates.create, spec', spec, SPEC_KEYS, SPEC_SHAPES)
    checkOptions('templates.create, options', options, ['checkers', 'onBlockIssue', 'onWarning', 'signal', 'requestId'])
    refuseUncheckedBlocks('templates.create, options', options)
    const { signal, requestId, onWarning } = options
    const prepared = await prepareEnvelope(this.#context, this.#activeDriver, spec.driverConfig, options)
    runClientChecks(this.#context, 'CreateSandboxTemplate', () => [
      ...checkTemplateSpec(name, spec),
      ...(prepared ? checkEnvelope(prepared.json) : []),
    ])
    for (const warning of prepared?.warnings ?? []) onWarning?.(warning)
    const request = { workspace: this.#workspace, name, spec, driverConfig: prepared?.json }
    try {
      return await this.#context.gateway.mutate({ rpc: 'CreateSandboxTemplate', signal, requestId }, (codec, call) =>
        codec.templates.create(request, call),
      )
    } catch (error) {
      throw prepared && error instanceof OpenShellError ? classifyRefusal(error, prepared.activeDriver) : error
    }
  }

  /** Reads a template. Throws kind `not-found` when there is none. */
  async get(name: string, options: RequestOptions = {}): Promise<WorkloadTemplateInfo> {
    const { signal } = checkOptions('templates.get', options, REQUEST_OPTIONS)
    requireNames('templates.get', { name })
    return this.#context.gateway.read({ rpc: 'GetSandboxTemplate', signal }, (codec, call) =>
      codec.templates.get(this.#workspace, name, call),
    )
  }

  /** Reads a template, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  tryGet(name: string, options: RequestOptions = {}): Promise<WorkloadTemplateInfo | undefined> {
    return orUndefined(this.get(name, options))
  }

  /** Lists the templates; the signal belongs to all of the reading. */
  list(options: TemplateListOptions = {}): Pager<WorkloadTemplateInfo> {
    checkOptions('templates.list', options, ['labelSelector', ...LIST_OPTIONS])
    const labelSelector = readLabelSelector(this.#context, 'ListSandboxTemplates', options)
    const request = { scope: { workspace: this.#workspace }, labelSelector }
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxTemplates' },
      options,
      (codec, page, call) => codec.templates.list({ ...request, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Deletes a template; sandboxes that were made from it stay. A missing one is a result, not an error. */
  async delete(name: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('templates.delete', options, CHANGE_OPTIONS)
    requireNames('templates.delete', { name })
    return this.#context.gateway.mutate({ rpc: 'DeleteSandboxTemplate', signal, requestId }, (codec, call) =>
      codec.templates.delete(this.#workspace, name, call),
    )
  }
}
