import type { ConformanceResult } from '../conformance/conformance-report.js'
import { clearLine } from './working-line.js'

/** One line on a terminal that says how far a run is; nothing anywhere else, so that logs stay short. */
export class ConformanceProgress {
  #done = 0
  #failed = 0

  /** Tells of one more result. */
  readonly tell = ({ id, line, outcome }: ConformanceResult, total: number): void => {
    this.#done += 1
    if (outcome === 'fail') this.#failed += 1
    if (!process.stderr.isTTY) return
    const text = `${this.#done}/${total} cases, ${this.#failed} failed; line ${line}, ${id}`
    process.stderr.write(`${clearLine}${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`)
  }

  /** Takes the line away. */
  clear(): void {
    if (process.stderr.isTTY) process.stderr.write(clearLine)
  }
}
