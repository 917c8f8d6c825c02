import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { isStarted, isTestProgram, type PageData, type PageProgram } from './page-programs.js'

const run = promisify(execFile)

// Below a package that may import all others, so that imports resolve to what is built.
const cache = 'packages/examples/node_modules/.cache'
const timeoutMs = 120_000

/** What differs between a page and its programs; one entry a program. */
export interface ProgramProblem {
  /** First line of the code in the page, from 1. */
  readonly line: number
  readonly expected: string
  readonly printed: string
}

/**
 * Writes the named blocks of a page beside each other, so that they can import each other and read the page's data, and starts
 * each whose output the page shows. A file named `*.test.ts` is run by Node's test runner and has to pass; its report is not compared.
 */
export async function runPrograms(
  root: string,
  programs: readonly PageProgram[],
  data: readonly PageData[] = [],
): Promise<ProgramProblem[]> {
  mkdirSync(join(root, cache), { recursive: true })
  const folder = mkdtempSync(join(root, cache, 'page-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
    for (const { fileName, code } of programs) writeFileSync(join(folder, built(fileName)), transpile(code))
    for (const { fileName, text } of data) {
      mkdirSync(join(folder, dirname(fileName)), { recursive: true })
      writeFileSync(join(folder, fileName), text)
    }
    const problems: ProgramProblem[] = []
    for (const program of programs.filter(isStarted)) {
      const { line, output: expected = '' } = program
      const printed = await execute(folder, program)
      if (printed !== expected) problems.push({ line, expected, printed })
    }
    return problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function built(fileName: string): string {
  return fileName.replace(/\.ts$/, '.js')
}

function transpile(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

/** What the program printed, or how it failed; one that does not end is stopped. */
async function execute(cwd: string, { fileName }: PageProgram): Promise<string> {
  const isTest = isTestProgram(fileName)
  const nodeArguments = [...(isTest ? ['--test'] : []), built(fileName)]
  try {
    const { stdout, stderr } = await run(process.execPath, nodeArguments, { cwd, timeout: timeoutMs })
    return isTest ? '' : `${stdout}${stderr}`.trimEnd()
  } catch (error) {
    const { stdout = '', stderr = '', killed } = error as { stdout?: string; stderr?: string; killed?: boolean }
    return `${killed ? 'did not end' : 'failed'}: ${stdout}${stderr}`.trimEnd()
  }
}
