import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { parseAdmissionPolicy } from '../src/contract/admission.js'
import { ConfigGate } from '../src/contract/config-gate.js'
import { silentLogger } from '../src/driver-logger.js'
import { DriverEngine } from '../src/engine/driver-engine.js'
import { FileSandboxStore } from '../src/engine/file-sandbox-store.js'
import type { SandboxStore } from '../src/engine/sandbox-store.js'
import { type Driver, defineDriver } from '../src/index.js'
import { type MemoryBackend, memoryBackend, memoryHandlers } from './memory-driver.js'
import { sandboxMessage, temporaryFolder } from './serve-in-test.js'

/** The points at which a process can die: before and after each effect on the disk and on the backend. */
class CrashPlan {
  readonly died: Promise<void>
  #die: () => void = () => undefined
  #passed = 0
  readonly #at: number

  constructor(at: number) {
    this.#at = at
    this.died = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  /** The object, whose named methods stop for ever at the point: a dead process runs nothing more. */
  wrap<Target extends object>(target: Target, methods: readonly (keyof Target & string)[]): Target {
    const counted: readonly (string | symbol)[] = methods
    return new Proxy(target, {
      get: (_, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>
        return counted.includes(name) ? this.#counted(method.bind(target)) : method.bind(target)
      },
    })
  }

  #counted(method: (...args: unknown[]) => Promise<unknown>) {
    return async (...args: unknown[]) => {
      await this.#point()
      const result = await method(...args)
      await this.#point()
      return result
    }
  }

  async #point(): Promise<void> {
    this.#passed += 1
    if (this.#passed < this.#at) return
    this.#die()
    await new Promise(() => {})
  }
}

const reference = { sandboxId: 'one', name: 'name-one' }

function engineOn(store: SandboxStore, handlers: ReturnType<typeof memoryHandlers>): DriverEngine {
  const driver = defineDriver({ ...handlers, name: 'acme', version: '1.0.0' }) as unknown as Driver
  const gate = new ConfigGate(driver, parseAdmissionPolicy('{}'))
  const limits = { abortGraceMs: 1_000, watchBacklogLimit: 100 }
  return new DriverEngine({ driver, settings: {}, store, gate, logger: silentLogger, ...limits })
}

/** Runs a whole life until it is over or the process dies; returns what the gateway was told last, and whether it died. */
async function live(directory: string, backend: MemoryBackend, at: number): Promise<{ told: string; died: boolean }> {
  const plan = new CrashPlan(at)
  const store = await FileSandboxStore.open(directory)
  const handlers = plan.wrap(memoryHandlers(backend), ['create', 'start', 'stop', 'delete'])
  const engine = engineOn(plan.wrap(store, ['create', 'update', 'remove']), handlers)
  await engine.recover()
  let told = 'nothing'
  const life = async () => {
    await engine.create(create(DriverSandboxSchema, sandboxMessage('one') as never))
    told = 'created'
    await engine.stop(reference)
    told = 'stopped'
    await engine.start(reference, {})
    told = 'started'
    await engine.delete(reference)
    told = 'deleted'
  }
  const died = await Promise.race([plan.died.then(() => true), life().then(() => false)])
  await store.close()
  return { told, died }
}

test('wherever the process dies, the next one loses nothing, leaves nothing over and starts nothing', async () => {
  let points = 0
  for (let at = 1; ; at++) {
    await using folder = await temporaryFolder()
    const backend = memoryBackend()
    const { told, died } = await live(folder.path, backend, at)
    if (!died) break
    points = at
    const callsBefore = backend.calls.length
    const store = await FileSandboxStore.open(folder.path)
    const engine = engineOn(store, memoryHandlers(backend))
    await engine.recover()
    const listed = (await engine.list()).map(({ id }) => id)
    const where = `point ${at}, told ${told}`
    expect(
      backend.calls.slice(callsBefore).filter((call) => !call.startsWith('delete')),
      where,
    ).toEqual([])
    expect(listed, where).toEqual([...backend.sandboxes.keys()])
    if (told === 'created' || told === 'stopped') expect(listed, where).toEqual(['one'])
    expect(await engine.delete(reference), where).toBe(listed.length > 0)
    await engine.close()
    expect([...backend.sandboxes.keys()], where).toEqual([])
    expect(await readdir(join(folder.path, 'sandboxes')), where).toEqual([])
  }
  expect(points).toBeGreaterThan(20)
})
