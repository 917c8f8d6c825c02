const CTRL_P = 0x10
const CTRL_Q = 0x11

/** Finds Ctrl-P Ctrl-Q in what somebody types, also when the two come apart. */
export class DetachKeys {
  #held = false

  /** What goes on to the process, and whether the keys came; what follows them is dropped. */
  read(bytes: Buffer): { readonly input: Buffer; readonly detached: boolean } {
    const typed = this.#held ? Buffer.concat([Buffer.of(CTRL_P), bytes]) : bytes
    const keys = typed.indexOf(Buffer.of(CTRL_P, CTRL_Q))
    this.#held = keys === -1 && typed.at(-1) === CTRL_P
    if (keys !== -1) return { input: typed.subarray(0, keys), detached: true }
    return { input: this.#held ? typed.subarray(0, -1) : typed, detached: false }
  }
}
