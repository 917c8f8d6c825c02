/** True for names that are one component of a path, so that no name leads out of the folder of gateways. */
export function isGatewayName(name: string): boolean {
  return typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}

/** The folder of a gateway's certificates, which the command line tool names with fewer characters. */
export function toCertificateFolder(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}
