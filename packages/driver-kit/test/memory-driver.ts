import { defineDriver, type Sandbox, type SandboxState } from '../src/index.js'

/** A backend in memory that outlives the drivers that use it. */
export interface MemoryBackend {
  readonly sandboxes: Map<string, SandboxState>
  /** What was asked of it, in order, as `create ID`. */
  readonly calls: string[]
}

export function memoryBackend(): MemoryBackend {
  return { sandboxes: new Map(), calls: [] }
}

/** Handlers over the backend that do without their contexts. */
export function memoryHandlers(backend: MemoryBackend) {
  const run = (name: string, sandbox: Sandbox, state: SandboxState) => {
    backend.calls.push(`${name} ${sandbox.id}`)
    backend.sandboxes.set(sandbox.id, state)
  }
  return {
    async create(sandbox: Sandbox): Promise<void> {
      run('create', sandbox, { type: 'running' })
    },
    async start(sandbox: Sandbox): Promise<void> {
      run('start', sandbox, { type: 'running' })
    },
    async stop(sandbox: Sandbox): Promise<void> {
      run('stop', sandbox, { type: 'stopped' })
    },
    async delete(sandbox: Sandbox): Promise<void> {
      backend.calls.push(`delete ${sandbox.id}`)
      backend.sandboxes.delete(sandbox.id)
    },
    async list() {
      return [...backend.sandboxes].map(([id, state]) => ({ id, state }))
    },
  }
}

/** A whole driver over the backend, without a config. */
export function memoryDriver(backend: MemoryBackend) {
  return defineDriver({ name: 'acme', version: '1.4.0', ...memoryHandlers(backend) })
}
