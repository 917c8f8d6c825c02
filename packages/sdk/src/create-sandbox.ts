import { checkCreateSpec } from './checks/check-create-spec.js'
import { refuseUnknownOptions } from './checks/refuse-unknown-options.js'
import { throwViolations } from './checks/throw-violations.js'
import type { ClientContext } from './client-context.js'
import type { SandboxCreateOptions } from './create-options.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { checkEnvelope } from './driver-config/check-envelope.js'
import { classifyRefusal } from './driver-config/classify-refusal.js'
import type { PreparedDriverConfig } from './driver-config/prepare-driver-config.js'
import { prepareEnvelope } from './driver-config/prepare-envelope.js'
import { OpenShellError } from './errors.js'
import { Sandbox } from './sandbox.js'
import type { SandboxInfo } from './sandbox-info.js'
import type { SandboxCreateSpec } from './template.js'
import { WAIT_OPTIONS } from './watch/wait-options.js'

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
] as const satisfies readonly (keyof SandboxCreateSpec)[]
const OPTIONS = ['waitReady', 'keep', 'checkers', 'onWarning', ...WAIT_OPTIONS]

/** Checks, sends and, unless told otherwise, waits until the sandbox is ready. */
export async function createSandbox(
  context: ClientContext,
  activeDriver: ActiveDriverFinder,
  workspace: string,
  spec: SandboxCreateSpec,
  options: SandboxCreateOptions,
): Promise<Sandbox> {
  refuseUnknownOptions('sandboxes.create, spec', spec, SPEC_KEYS)
  refuseUnknownOptions('sandboxes.create, options', options, OPTIONS)
  const { checkers = [], signal } = options
  const prepared = await prepareEnvelope(context, activeDriver, spec.driverConfig, { checkers, signal })
  if (context.clientChecks === 'on') {
    throwViolations('CreateSandbox', [...checkCreateSpec(spec), ...(prepared ? checkEnvelope(prepared.json) : [])])
  }
  for (const warning of prepared?.warnings ?? []) options.onWarning?.(warning)
  const info = await send(context, workspace, spec, prepared, signal)
  const onDispose = options.keep ? 'keep' : 'delete'
  const sandbox = new Sandbox(context, { info, warnings: prepared?.warnings ?? [], onDispose })
  if (options.waitReady ?? true) await waitOrCleanUp(sandbox, options)
  return sandbox
}

async function send(
  { gateway }: ClientContext,
  workspace: string,
  spec: SandboxCreateSpec,
  prepared: PreparedDriverConfig | undefined,
  signal: AbortSignal | undefined,
): Promise<SandboxInfo> {
  const scope = { rpc: 'CreateSandbox', sandboxName: spec.name, signal }
  const request = { workspace, spec, driverConfig: prepared?.json }
  try {
    return await gateway.mutate(scope, (codec, call) => codec.sandboxes.create(request, call))
  } catch (error) {
    // A stored template may bring a driver config of its own.
    const mayBeRefusal = prepared !== undefined || spec.template !== undefined
    throw mayBeRefusal && error instanceof OpenShellError ? classifyRefusal(error) : error
  }
}

// A sandbox that nobody got a handle of must not stay behind.
async function waitOrCleanUp(sandbox: Sandbox, options: SandboxCreateOptions): Promise<void> {
  const { timeoutMs, idleTimeoutMs, onProgress, signal } = options
  try {
    await sandbox.waitReady({
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    // Best effort: the reason why the sandbox did not become ready is worth more than a failed clean-up.
    if (!options.keep) await sandbox.delete().catch(() => undefined)
    throw error
  }
}
