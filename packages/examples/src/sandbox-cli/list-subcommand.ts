import type { SandboxInfo } from '@openshell-ts/sdk'
import { defineSubcommand } from './subcommand.js'

/** `list`: the sandboxes of a workspace. */
export const listSubcommand = defineSubcommand({
  summary: 'List the sandboxes of a workspace',
  words: {},
  flags: { selector: { type: 'string', hint: 'NAME=VALUE,...', description: 'only those with these labels' } },
  examples: ['list', 'list --workspace team-a --selector team=a', 'list --json | jq -r .name'],
  exitCodes: { 1: 'the list could not be read' },
  async run({ connect, flags: { selector }, report, signal, stdout }) {
    const { sandboxes: all } = await connect()
    const sandboxes = all.list({ signal, ...(selector !== undefined && { labelSelector: selector }) })
    if (report.json) {
      // Written page by page, so that a long list needs no memory.
      for await (const { id, name, workspace, phase, labels, createdAt, spec } of sandboxes) {
        report.result({ name, id, workspace, phase, image: spec.image, labels, createdAt }, name)
      }
      return 0
    }
    const rows = [['NAME', 'PHASE', 'CREATED', 'IMAGE'], ...(await sandboxes.toArray()).map(toRow)]
    stdout.write(align(rows))
    return 0
  },
})

function toRow({ name, phase, createdAt, spec }: SandboxInfo): string[] {
  return [name, phase, createdAt.toISOString().replace(/\.\d+Z$/, 'Z'), spec.image]
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
