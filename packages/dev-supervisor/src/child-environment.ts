import { PROCESS_MARK } from './marked-processes.js'

/** Variables by name. */
export type Environment = Readonly<Record<string, string>>

/** What the environments of a sandbox's processes are made of. */
export interface ChildEnvironmentOptions {
  /** The folder that the processes start in, and their HOME. */
  readonly workdir: string
  /** The shell, for SHELL. */
  readonly shell: string
  /** Variables of the user; those named `OPENSHELL_…` are left out. */
  readonly userEnvironment: Environment
  /** Variables of the attached providers, as they are now; they win over all others but the supervisor's own. */
  readonly providerVariables: () => Environment
  /** Value of the variable by which a driver finds the process. */
  readonly mark: string
  /** The supervisor's own environment. */
  readonly inherited: NodeJS.ProcessEnv
}

const USER = 'sandbox'
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'

// What identifies the sandbox to the gateway, and what only the supervisor reads.
const SUPERVISOR_ONLY = [
  'OPENSHELL_SANDBOX_TOKEN',
  'OPENSHELL_SANDBOX_TOKEN_FILE',
  'OPENSHELL_K8S_SA_TOKEN_FILE',
  'OPENSHELL_TLS_CA',
  'OPENSHELL_TLS_CERT',
  'OPENSHELL_TLS_KEY',
  'OPENSHELL_MAIN_PROCESS_SPEC',
  'OPENSHELL_USER_ENVIRONMENT',
]

/** The environment of a command that a client runs: nothing is inherited but PATH. `term` is the terminal's type. */
export function commandEnvironment(options: ChildEnvironmentOptions, { term }: { readonly term: string }): Environment {
  const path = options.inherited['PATH'] || DEFAULT_PATH
  return { ...sandboxVariables(options, term), PATH: path, ...givenVariables(options), ...markVariable(options) }
}

/** The environment of the main process: the supervisor's, without what only the supervisor may know. */
export function mainEnvironment(options: ChildEnvironmentOptions, { term }: { readonly term: string }): Environment {
  const inherited: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.inherited)) {
    if (value !== undefined && !SUPERVISOR_ONLY.includes(name)) inherited[name] = value
  }
  return { ...inherited, ...sandboxVariables(options, term), ...givenVariables(options), ...markVariable(options) }
}

function sandboxVariables({ workdir, shell }: ChildEnvironmentOptions, term: string): Environment {
  return { OPENSHELL_SANDBOX: '1', HOME: workdir, USER, SHELL: shell, TERM: term }
}

function givenVariables({ userEnvironment, providerVariables }: ChildEnvironmentOptions): Environment {
  const given = Object.entries({ ...userEnvironment, ...providerVariables() })
  return Object.fromEntries(given.filter(([name]) => !name.startsWith('OPENSHELL_')))
}

function markVariable({ mark }: ChildEnvironmentOptions): Environment {
  return { [PROCESS_MARK]: mark }
}
