/** What a sandbox's supervisor said about a configuration. Numbers of 64 bits are decimal text, as files hold them. */
export interface ConfigurationAdmission {
  /** The supervisor that said it; may be empty. */
  readonly instanceId: string
  readonly state: 'pending' | 'accepted' | 'rejected'
  readonly policyVersion: number
  readonly policyHash: string
  readonly configRevision: string
  readonly environmentRevision: string
  /** Why it was rejected; empty otherwise. */
  readonly error: string
}

/** How far a sandbox is with its configuration. Line 0.1 only. */
export interface ConfigurationState {
  /** The last word about a configuration; before the first, that the running supervisor has not said any. */
  readonly admission: ConfigurationAdmission
  /** Whether the last word accepted what holds now. */
  readonly admitted: boolean
  /** Whether the running supervisor has accepted what held at some time: from then on the sandbox can be Ready. */
  readonly activated: boolean
}

/** The state of a supervisor that has said nothing yet. */
export function awaitedConfiguration(instanceId: string): ConfigurationState {
  const admission = {
    instanceId,
    state: 'pending',
    policyVersion: 0,
    policyHash: '',
    configRevision: '0',
    environmentRevision: '0',
    error: '',
  } as const
  return { admission, admitted: false, activated: false }
}

/** Whether what is known is of this supervisor. */
export function isSameInstance({ admission }: ConfigurationState, instanceId: string): boolean {
  return admission.instanceId === instanceId
}
