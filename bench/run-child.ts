import { execFileSync } from 'node:child_process'

/**
 * Runs an ES module's text in a Node process of its own, in the root of the repository, and gives the number that it prints.
 *
 * @throws Error when the process fails or prints something else.
 */
export function runChild(source: string, nodeArguments: readonly string[] = []): number {
  const output = execFileSync(process.execPath, [...nodeArguments, '--input-type=module', '--eval', source], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const value = Number(output)
  if (output.trim() === '' || Number.isNaN(value))
    throw new Error(`The process printed "${output}" in place of a number.`)
  return value
}
