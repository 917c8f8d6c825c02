import { cpus, totalmem } from 'node:os'

/** Where the numbers come from, in one line. */
export function machineLine(): string {
  const [first] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory}`
}
