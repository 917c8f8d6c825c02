// Writes the generated pages below docs/. With --check it writes nothing and fails when a page differs from what it would be.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compatibilityRulesPage } from './compatibility-rules-page.mjs'
import { configIssueCodesPage } from './config-issue-codes-page.mjs'
import { fidelityPage } from './fidelity-page.mjs'
import { readOptions } from './read-options.mjs'

const HELP = `npm run docs [-- options]: writes the generated pages below docs/.

  --check    write nothing, and end with code 1 when a page differs from what its sources give
  --out DIR  another folder than docs/
  --help     print this

Examples
  npm run docs
  npm run docs -- --check
`

const values = readOptions({ check: { type: 'boolean' }, out: { type: 'string' } }, HELP)
const folder = values.out ?? fileURLToPath(new URL('../docs', import.meta.url))
const pages = {
  'reference/compatibility-rules.md': compatibilityRulesPage,
  'reference/config-issue-codes.md': configIssueCodesPage,
  'reference/dev-gateway-fidelity.md': fidelityPage,
}

const stale = Object.entries(pages).filter(([path, create]) => {
  const file = join(folder, path)
  return !existsSync(file) || readFileSync(file, 'utf8') !== create()
})
if (values.check && stale.length > 0) {
  const names = stale.map(([path]) => path).join(', ')
  console.error(`These pages of docs/ are not what their sources give; run npm run docs: ${names}.`)
  process.exitCode = 1
} else if (!values.check) {
  for (const [path, create] of stale) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), create())
    console.log(`Wrote ${path}.`)
  }
}
