import { defineCommand } from 'citty'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { versionPages } from './docs/version-page.js'
import { type Flags, toUsage } from './flag.js'
import { readFlags } from './read-flags.js'
import { writePublishedFiles } from './write-published-files.js'

const flags = {
  version: { description: 'The schema_version of the page; the current one when absent.', hint: 'N' },
  out: { description: 'Write the pages of all versions into this folder, as vN.md.', hint: 'DIR' },
  check: { description: 'With --out: write nothing, and tell by the exit code whether a page would change.' },
  json: { description: 'Print the page, or with --out what was written, as JSON.' },
} satisfies Flags

/** `config docs`: the pages about a driver's config, on stdout or as files in a folder. */
export function configDocsCommand(driver: Driver) {
  return defineCommand({
    meta: { name: 'docs', description: `Print or write the pages about driver ${driver.name}'s driver_config.` },
    args: toUsage(flags),
    async run({ rawArgs }) {
      const { version, out, check, json } = readFlags(flags, rawArgs, {})
      if (version !== undefined && out !== undefined) throw new CommandLineError('Give either --version or --out.')
      if (check !== undefined && out === undefined) throw new CommandLineError('Give --check together with --out.')
      const { max } = driver.config.versions
      if (max === 0) {
        throw new CommandLineError(`Driver ${driver.name} takes no driver_config, so there is nothing to describe.`)
      }
      const pages = versionPages(driver)
      if (out !== undefined) await writePages(pages, out, check !== undefined, json !== undefined)
      else printPage(driver, pages, version === undefined ? max : Number(version), json !== undefined)
    },
  })
}

function printPage({ name }: Driver, pages: ReadonlyMap<number, string>, version: number, json: boolean): void {
  const markdown = pages.get(version)
  if (markdown === undefined) {
    const known = [...pages.keys()].join(', ')
    throw new CommandLineError(`Driver ${name} has no schema_version of that number; it reads ${known}.`)
  }
  process.stdout.write(json ? `${JSON.stringify({ driver: name, version, markdown }, undefined, 2)}\n` : markdown)
}

async function writePages(
  pages: ReadonlyMap<number, string>,
  folder: string,
  check: boolean,
  json: boolean,
): Promise<void> {
  const files = [...pages].map(([version, text]) => ({ name: `v${version}.md`, text }))
  const written = await writePublishedFiles(folder, files, { check })
  const lines = written.map(({ file, state }) => `${file}: ${state}`)
  process.stdout.write(`${json ? JSON.stringify({ folder, files: written }, undefined, 2) : lines.join('\n')}\n`)
  if (check && written.some(({ state }) => state !== 'unchanged')) process.exitCode = 1
}
