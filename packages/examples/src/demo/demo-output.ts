import colors from 'picocolors'

/** What people see of the demo: one line a step, with the time since the start. */
export interface DemoOutput {
  heading(text: string): void
  done(text: string): void
  failed(text: string): void
  /** Lines of another program, indented. */
  quote(lines: readonly string[]): void
}

/** Writes to a stream, in colour where the terminal has it. */
export function createDemoOutput(stream: NodeJS.WritableStream): DemoOutput {
  const start = performance.now()
  const write = (text: string) => stream.write(`${text}\n`)
  const time = () => colors.dim(`${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(7))
  return {
    heading: (text) => write(`\n${colors.bold(text)}`),
    done: (text) => write(`${time()} ${colors.green('✓')} ${text}`),
    failed: (text) => write(`${time()} ${colors.red('✗')} ${text}`),
    quote: (lines) => {
      for (const line of lines) write(colors.dim(`          │ ${line}`))
    },
  }
}
