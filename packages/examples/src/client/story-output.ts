import colors from 'picocolors'

/** A value that JSON can write. */
type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact }

/** What a program learns from a step, by name. */
export type StepFacts = Readonly<Record<string, Fact>>

/** The step that runs. */
export interface StepOutput {
  /** One line for people, below the step's title. */
  say(line: string): void
  /** Several lines of another origin for people, such as the output of a command. */
  quote(text: string): void
}

/** Where the story is told: to people, or to a program. */
export interface StoryOutput {
  /** Begins a step. */
  begin(title: string): StepOutput
  /** Ends a step that went well. */
  end(name: string, facts: StepFacts, durationMs: number): void
  /** Tells something that belongs to no step. */
  note(line: string): void
  /** Tells why the story ends early, and what to change. */
  fail(problem: { readonly message: string; readonly fix?: string | undefined }): void
}

/** Tells the story to people: a title a step, lines below it, and the time that it took. Failures go to `errors`. */
export function createTextOutput(stream: NodeJS.WritableStream, errors: NodeJS.WritableStream): StoryOutput {
  const write = (line: string) => stream.write(`${line}\n`)
  let number = 0
  return {
    begin(title) {
      number += 1
      write(`\n${colors.bold(`${number}  ${title}`)}`)
      return {
        say: (line) => write(`   ${line}`),
        quote: (text) => {
          for (const line of text.trimEnd().split('\n')) write(colors.dim(`   │ ${line}`))
        },
      }
    },
    end: (_name, _facts, durationMs) =>
      write(`   ${colors.green('✓')} ${colors.dim(`${(durationMs / 1000).toFixed(2)} s`)}`),
    note: (line) => write(`\n${colors.yellow('!')} ${line}`),
    fail({ message, fix }) {
      errors.write(`\n${colors.red('✗')} ${message}\n`)
      if (fix !== undefined) errors.write(`  ${fix}\n`)
    },
  }
}

/** Tells the story to a program: one JSON object a step, each on a line of its own. */
export function createJsonOutput(stream: NodeJS.WritableStream): StoryOutput {
  const write = (value: object) => stream.write(`${JSON.stringify(value)}\n`)
  return {
    begin: () => ({ say() {}, quote() {} }),
    end: (step, facts, durationMs) => write({ step, durationMs: Math.round(durationMs), ...facts }),
    note: (message) => write({ step: 'note', message }),
    fail: (problem) => write({ step: 'failed', ...problem }),
  }
}
