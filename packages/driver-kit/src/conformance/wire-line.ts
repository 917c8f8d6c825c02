/** The two lines of gateways; they speak to drivers in slightly different ways. */
export type WireLine = '0.0' | '0.1'

/** Both lines, the older one first. */
export const wireLines: readonly WireLine[] = ['0.0', '0.1']
