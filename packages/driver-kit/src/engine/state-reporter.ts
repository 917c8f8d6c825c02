import { checkSandboxState, type SandboxState, sameSandboxState } from '../driver/sandbox-state.js'
import { hideSecrets } from '../secrets/secret-scope.js'
import type { RecordWriter } from './record-writer.js'
import type { SandboxEntry } from './sandbox-entry.js'
import type { WatchHub } from './watch-hub.js'

/** The one way in which a sandbox's state changes: remembered, stored and told to watchers, and only when it is new. */
export class StateReporter {
  readonly #hub: WatchHub
  readonly #writer: RecordWriter

  constructor(hub: WatchHub, writer: RecordWriter) {
    this.#hub = hub
    this.#writer = writer
  }

  /** Sets the state that an operation has reached. */
  set(entry: SandboxEntry, reached: SandboxState): void {
    const state = withoutSecrets(checkSandboxState(reached))
    if (sameSandboxState(entry.state, state)) return
    entry.setState(state, new Date())
    this.announce(entry)
  }

  /**
   * Takes a state that a handler observed. While a sandbox is being stopped its end is what was asked for, so nothing is
   * told until the stop has settled; a stopped sandbox cannot exit, that is late news of its earlier run.
   *
   * @throws TypeError when the state cannot be reported, see `checkSandboxState`.
   */
  observe(entry: SandboxEntry, observed: SandboxState): void {
    const state = withoutSecrets(checkSandboxState(observed))
    if (entry.deleting) return
    entry.reported = state
    const { operation } = entry.record
    if (operation === 'stop') return
    if (entry.state.type === 'stopped' && (state.type === 'exited' || state.type === 'failed')) return
    if (sameSandboxState(entry.state, state)) return
    // How far a start is has no meaning after a restart, and it changes often.
    const onlyDetail = state.type === 'starting' && entry.state.type === 'starting'
    entry.setState(state, new Date())
    this.announce(entry)
    if (!onlyDetail) this.#writer.saveSoon(entry)
  }

  /** Tells watchers what the sandbox is now. */
  announce(entry: SandboxEntry): void {
    this.#hub.publishSandbox(entry.snapshot)
  }
}

/** A state is stored and shown to clients, and its texts are the handler's. */
function withoutSecrets(state: SandboxState): SandboxState {
  if (state.type === 'failed') return { ...state, message: hideSecrets(state.message) }
  if (state.type !== 'starting' || state.detail === undefined) return state
  return { ...state, detail: hideSecrets(state.detail) }
}
