import type { ClientContext } from './calls/client-context.js'
import { checkCreateSpec } from './checks/check-create-spec.js'
import { checkOptions } from './checks/check-options.js'
import { object, objects, record, text, texts } from './checks/option-shapes.js'
import { runClientChecks } from './checks/run-client-checks.js'
import { checkCreateOptions, type SandboxCreateOptions } from './create-options.js'
import { deleteSandbox } from './delete-sandbox.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { checkEnvelope } from './driver-config/check-envelope.js'
import { classifyRefusal } from './driver-config/classify-refusal.js'
import type { PreparedDriverConfig } from './driver-config/prepare-driver-config.js'
import { prepareEnvelope } from './driver-config/prepare-envelope.js'
import { OpenShellError, type Violation } from './errors/openshell-error.js'
import { restateError } from './errors/restate-error.js'
import type { SandboxInfo } from './model/sandbox-info.js'
import type { SandboxCreateSpec } from './model/template.js'
import { Sandbox } from './sandbox.js'
import { waitForSandbox } from './watch/wait-for-sandbox.js'
import { CREATED } from './watch/wait-goal.js'
import type { CreateReply } from './wire/sandbox-calls.js'

const SPEC_KEYS = [
  'name',
  'image',
  'command',
  'tty',
  'environment',
  'labels',
  'annotations',
  'resources',
  'gpu',
  'driverConfig',
  'providers',
  'logLevel',
  'template',
  'policy',
  'services',
  'rawSpec',
] as const satisfies readonly (keyof SandboxCreateSpec)[]
const SPEC_SHAPES = {
  name: text,
  image: text,
  command: texts,
  resources: object,
  driverConfig: record,
  providers: texts,
  logLevel: text,
  template: text,
  services: objects,
}

/** What a create needs to know. */
export interface CreatePlan {
  readonly context: ClientContext
  readonly activeDriver: ActiveDriverFinder
  readonly workspace: string
  readonly spec: SandboxCreateSpec
  readonly options: SandboxCreateOptions
}

/** Checks, sends and, unless told otherwise, waits until the sandbox is ready. */
export async function createSandbox(plan: CreatePlan): Promise<Sandbox> {
  const prepared = await prepareCreate(plan)
  return adoptCreated(plan, await sendCreate(plan, prepared), prepared)
}

/** Checks a create and its envelope. Throws everything that is wrong with it, before anything is sent. */
export async function prepareCreate(plan: CreatePlan): Promise<PreparedDriverConfig | undefined> {
  const { context, activeDriver, spec, options } = plan
  checkOptions('sandboxes.create, spec', spec, SPEC_KEYS, SPEC_SHAPES)
  checkCreateOptions(options)
  const { onWarning } = options
  const prepared = await prepareEnvelope(context, activeDriver, spec.driverConfig, { ...options, beside: spec })
  const onLine = await checkOnLine(plan)
  runClientChecks(context, 'CreateSandbox', () => [
    ...checkCreateSpec(spec),
    ...onLine,
    ...(prepared ? checkEnvelope(prepared.json) : []),
  ])
  for (const warning of prepared?.warnings ?? []) onWarning?.(warning)
  return prepared
}

// Which keys there are in them depends on the line.
async function checkOnLine({ context, spec, options }: CreatePlan): Promise<readonly Violation[]> {
  if (context.clientChecks === 'off' || (spec.policy === undefined && spec.rawSpec === undefined)) return []
  const scope = { rpc: 'CreateSandbox', sandboxName: spec.name, signal: options.signal }
  return context.gateway.look(scope, ({ sandboxes }) => sandboxes.specProblems(spec))
}

/** Sends a create that was checked. */
export async function sendCreate(
  { context, workspace, spec, options }: CreatePlan,
  prepared: PreparedDriverConfig | undefined,
): Promise<CreateReply> {
  const { gateway, failedCreates } = context
  const { name = '' } = spec
  const { signal, requestId } = options
  const scope = { rpc: 'CreateSandbox', sandboxName: spec.name, signal, requestId }
  const request = { workspace, spec, driverConfig: prepared?.json }
  try {
    const reply = await gateway.mutate(scope, (codec, call) => codec.sandboxes.create(request, call))
    failedCreates.forget(workspace, name)
    return reply
  } catch (error) {
    if (!(error instanceof OpenShellError)) throw error
    if (name !== '') failedCreates.remember(workspace, name, error)
    if (error.kind === 'already-exists') throw await withExisting(context, workspace, error)
    // A stored template may bring a driver config of its own.
    const mayBeRefusal = prepared !== undefined || spec.template !== undefined
    throw mayBeRefusal ? classifyRefusal(error, prepared?.activeDriver) : error
  }
}

/** The handle of a sandbox that was created. Unless told otherwise, waits until it is ready, and deletes it when that fails. */
export async function adoptCreated(
  { context, options }: CreatePlan,
  { info, serviceUrls }: CreateReply,
  prepared: PreparedDriverConfig | undefined,
): Promise<Sandbox> {
  const onDispose = options.keep ? 'keep' : 'delete'
  const warnings = prepared?.warnings ?? []
  try {
    return new Sandbox(context, { info: await waitCreated(context, info, options), warnings, serviceUrls, onDispose })
  } catch (error) {
    // Nobody got a handle. Best effort: why the sandbox did not become ready is worth more than a failed clean-up. A signal that
    // ended the wait does not end the tidying up after it.
    if (!options.keep) await deleteSandbox(context.gateway.unbounded, info, {}).catch(() => undefined)
    throw error
  }
}

/** Waits until commands run in a sandbox or its work is done, if the create is to; gives the state of then. */
export async function waitCreated(
  { gateway }: ClientContext,
  info: SandboxInfo,
  options: SandboxCreateOptions,
): Promise<SandboxInfo> {
  if (options.waitReady === false) return info
  const { workspace, name, id } = info
  return (await waitForSandbox(gateway, { workspace, name, id }, CREATED, options)) ?? info
}

// The phase tells a name that is worth waiting for from one that has to be deleted first.
async function withExisting(
  { gateway }: ClientContext,
  workspace: string,
  error: OpenShellError,
): Promise<OpenShellError> {
  const { sandboxName: name = '' } = error
  const scope = { rpc: 'GetSandbox', sandboxName: name }
  const existing = await gateway
    .read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call))
    .catch(() => undefined)
  if (!existing) return error
  const hint = `The sandbox that has this name is in phase ${existing.phase}; delete it, or take another name.`
  return restateError(error, { hint })
}
