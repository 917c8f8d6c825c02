import type { SandboxPhase } from '@openshell-ts/protocol/v0-0'

/** The phase of a sandbox whose main process ended with 0. Line 0.1 only, and so no name of the enumeration that rows use. */
export const completedPhase = 9 as SandboxPhase
