/** A line of OpenShell's wire: what its clients, its supervisors and its drivers speak. */
export type WireLine = '0.0' | '0.1'

/** Every line that this gateway speaks. */
export const wireLines: readonly WireLine[] = ['0.0', '0.1']

/** The version that a gateway of a line reports when nothing else is said. */
export const defaultVersions: Readonly<Record<WireLine, string>> = { '0.0': '0.0.111', '0.1': '0.1.5' }
