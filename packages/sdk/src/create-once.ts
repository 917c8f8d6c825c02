import { findSandbox } from './calls/find-sandbox.js'
import { throwViolations } from './checks/throw-violations.js'
import { adoptCreated, type CreatePlan, prepareCreate, sendCreate, waitCreated } from './create-sandbox.js'
import type { PreparedDriverConfig } from './driver-config/prepare-driver-config.js'
import { orUndefined } from './errors/absence.js'
import { leavesOutcomeOpen } from './errors/leaves-outcome-open.js'
import { OpenShellError } from './errors/openshell-error.js'
import { restateError } from './errors/restate-error.js'
import type { SandboxInfo } from './model/sandbox-info.js'
import { Sandbox } from './sandbox.js'
import type { CreateReply } from './wire/sandbox-calls.js'

const LOOKS_FIRST = { retryable: true, hint: 'Call createOnce again: it looks first at what became of the create.' }

/** Returns the sandbox of a name, and creates it when there is none. An answer that was lost is settled by looking again. */
export async function createOnce(plan: CreatePlan): Promise<Sandbox> {
  requireName(plan)
  const prepared = await prepareCreate(plan)
  const existing = await find(plan)
  if (existing) return adoptExisting(plan, existing)
  const { reply, created } = await settle(plan, prepared)
  return created ? adoptCreated(plan, reply, prepared) : adoptExisting(plan, reply.info)
}

function requireName({ spec }: CreatePlan): void {
  if (spec?.name) return
  const description = 'is needed, because it is what a sandbox is found by again'
  throwViolations('sandboxes.createOnce', [{ field: 'name', description, reason: 'REQUIRED' }])
}

// Only an answer that there is none lets a sandbox be created; every other failure is the caller's to see.
function find({ context, workspace, spec, options }: CreatePlan): Promise<SandboxInfo | undefined> {
  return orUndefined(findSandbox(context, workspace, spec.name ?? '', options.signal))
}

async function settle(
  plan: CreatePlan,
  prepared: PreparedDriverConfig | undefined,
): Promise<{ readonly reply: CreateReply; readonly created: boolean }> {
  const { context, spec, options } = plan
  const scope = { rpc: 'CreateSandbox', sandboxName: spec.name, signal: options.signal }
  let mayBeOurs = false
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { reply: await sendCreate(plan, prepared), created: true }
    } catch (error) {
      if (!(error instanceof OpenShellError)) throw error
      const open = leavesOutcomeOpen(error)
      if (!open && error.kind !== 'already-exists') throw error
      mayBeOurs ||= open
      const info = await readBack(plan, error)
      if (info) return { reply: { info, serviceUrls: {} }, created: mayBeOurs }
      if (!(await context.gateway.backOff(error, attempt, scope))) {
        throw restateError(error, { attempts: attempt, ...(open ? LOOKS_FIRST : {}) })
      }
    }
  }
}

async function readBack(plan: CreatePlan, cause: OpenShellError): Promise<SandboxInfo | undefined> {
  try {
    return await find(plan)
  } catch (error) {
    if (!(error instanceof OpenShellError) || error.kind === 'aborted' || error.kind === 'closed') throw error
    throw restateError(error, {
      kind: 'outcome-uncertain',
      message: 'CreateSandbox: the answer was lost, and so was that of the look at what became of it.',
      hint: 'Call createOnce again when the gateway answers: it takes the sandbox that is there.',
      dispatched: true,
      cause,
    })
  }
}

async function adoptExisting({ context, options }: CreatePlan, info: SandboxInfo): Promise<Sandbox> {
  return new Sandbox(context, { info: await waitCreated(context, info, options), onDispose: 'keep' })
}
